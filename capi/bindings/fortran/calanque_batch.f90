! capi/bindings/fortran/calanque_batch.f90 -- named arrays in and out of one prediction; set and get are inherited.
! SPDX-License-Identifier: BSD-3-Clause
module calanque_batch
  use, intrinsic :: iso_c_binding, only: c_int32_t, c_int64_t
  use calanque_arrays, only: clq_batch_arrays, clq_model_arrays
  use calanque_base, only: finish, is_free, text_of
  use calanque_c
  implicit none
  private
  public :: clq_batch

  ! One thread a batch; several batches of one model may be predicted at once.
  type, extends(clq_batch_arrays) :: clq_batch
  contains
    procedure :: create, describe, predict, status, close
  end type clq_batch

contains

  ! Of n samples.
  subroutine create(self, model, n, ierr)
    class(clq_batch), intent(inout) :: self
    class(clq_model_arrays), intent(in) :: model
    integer, intent(in) :: n
    integer, intent(out), optional :: ierr
    integer(c_int32_t) :: answer
    if (.not. is_free(self%handle, 'clq_batch%create', ierr)) return
    answer = c_batch_create(model%handle, int(n, c_int64_t), self%handle)
    if (answer >= 0) self%n = n
    call finish(int(answer, c_int64_t), 'clq_batch%create', ierr)
  end subroutine create

  ! A line an array that was set: how it was understood, its dims as in C.
  function describe(self, ierr) result(text)
    class(clq_batch), intent(in) :: self
    integer, intent(out), optional :: ierr
    character(:), allocatable :: text
    call text_of(c_batch_describe, self%handle, 'clq_batch%describe', text, ierr)
  end function describe

  subroutine predict(self, model, ierr)
    class(clq_batch), intent(in) :: self
    class(clq_model_arrays), intent(in) :: model
    integer, intent(out), optional :: ierr
    call finish(int(c_predict_batch(model%handle, self%handle), c_int64_t), 'clq_batch%predict', ierr)
  end subroutine predict

  ! Of each sample: 0, or the bits of FLAG_BAD where it has no answer.
  subroutine status(self, per_sample, ierr)
    class(clq_batch), intent(in) :: self
    integer(c_int32_t), intent(inout), contiguous :: per_sample(:)
    integer, intent(out), optional :: ierr
    integer(c_int32_t) :: answer
    answer = c_batch_status(self%handle, per_sample, size(per_sample, kind=c_int64_t))
    call finish(int(answer, c_int64_t), 'clq_batch%status', ierr)
  end subroutine status

  subroutine close (self)
    class(clq_batch), intent(inout) :: self
    call c_batch_close(self%handle)
    self%handle = 0
    self%n = 0
  end subroutine close

end module calanque_batch
