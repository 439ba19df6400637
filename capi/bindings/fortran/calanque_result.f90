! capi/bindings/fortran/calanque_result.f90 -- what a prediction, a score or a look at data found.
! SPDX-License-Identifier: BSD-3-Clause
module calanque_result
  use, intrinsic :: iso_c_binding, only: c_int64_t
  use calanque_base, only: text_of
  use calanque_c
  implicit none
  private
  public :: clq_result

  ! Any thread; a result does not change.
  type :: clq_result
    integer(c_int64_t) :: handle = 0   ! the C API's; 0: none
  contains
    procedure :: text, close
  end type clq_result

contains

  ! JSON: {"rows", "bad", "ood", "simulated", "metrics"} of a score.
  function text(self, ierr) result(json)
    class(clq_result), intent(in) :: self
    integer, intent(out), optional :: ierr
    character(:), allocatable :: json
    call text_of(c_result_text, self%handle, 'clq_result%text', json, ierr)
  end function text

  subroutine close (self)
    class(clq_result), intent(inout) :: self
    call c_result_close(self%handle)
    self%handle = 0
  end subroutine close

end module calanque_result
