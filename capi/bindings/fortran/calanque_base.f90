! capi/bindings/fortran/calanque_base.f90 -- texts in and out, and what becomes of an error.
! SPDX-License-Identifier: BSD-3-Clause
!
! Procedures end with an optional ierr: 0, or a negative CLQ_E_*, whose words are clq_error_text(). Where it is absent an error
! is written to error_unit as "procedure: words" and ends the program with ERROR STOP 1, as OPEN does without IOSTAT.
! Functions that threads call have results of a length that is known before: gfortran keeps the length of any other text in
! one place for all threads.
module calanque_base
  use, intrinsic :: iso_c_binding, only: c_char, c_int32_t, c_int64_t, c_null_char
  use, intrinsic :: iso_fortran_env, only: error_unit
  use calanque_c, only: CLQ_E_INVALID, c_error_code, c_error_text
  implicit none
  private
  public :: clq_error_text, clq_error_code, c_text, finish, refuse, is_free, text_of, text_of_handle, lengths

  ! Words of an error that was found here, before the library was asked; blank: the last one was the library's. A thread's own
  ! where this file is compiled with OpenMP, as CMake does with gfortran.
  character(512), save :: own_words = ''
!$omp threadprivate(own_words)

  interface
    pure function length_of_error(text, capacity) bind(c, name='clq_error_text') result(needed)
      import
      character(kind=c_char), intent(in), optional :: text(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: needed
    end function length_of_error
  end interface

  abstract interface
    function text_of_handle(handle, text, capacity) bind(c) result(needed)
      import
      integer(c_int64_t), value :: handle
      character(kind=c_char), intent(inout), optional :: text(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: needed
    end function text_of_handle
  end interface

contains

  ! Of this thread's last error.
  function clq_error_text() result(text)
    character(words_length()) :: text
    character(len(text) + 1) :: ended
    integer(c_int64_t) :: needed
    text = own_words
    if (own_words /= '') return
    needed = c_error_text(ended, len(ended, c_int64_t))
    if (needed > 0) text = ended(:needed - 1)
  end function clq_error_text

  pure integer function words_length()
    words_length = len_trim(own_words)
    if (words_length == 0) words_length = int(max(1_c_int64_t, length_of_error(capacity=0_c_int64_t))) - 1
  end function words_length

  integer function clq_error_code() result(code)
    code = c_error_code()
    if (own_words /= '') code = CLQ_E_INVALID
  end function clq_error_code

  ! As C reads it: without the blanks that pad it.
  pure function c_text(text) result(ended)
    character(*), intent(in) :: text
    character(kind=c_char, len=len_trim(text) + 1) :: ended
    ended = trim(text)//c_null_char
  end function c_text

  ! What the library answered; what is positive there is no error here.
  subroutine finish(answer, where, ierr)
    integer(c_int64_t), intent(in) :: answer
    character(*), intent(in) :: where
    integer, intent(out), optional :: ierr
    if (present(ierr)) ierr = int(min(answer, 0_c_int64_t))
    if (answer >= 0) return
    own_words = ''
    if (.not. present(ierr)) call end_with(where)
  end subroutine finish

  ! An error that the library cannot see.
  subroutine refuse(words, where, ierr)
    character(*), intent(in) :: words, where
    integer, intent(out), optional :: ierr
    own_words = words
    if (present(ierr)) then
      ierr = CLQ_E_INVALID
    else
      call end_with(where)
    end if
  end subroutine refuse

  subroutine end_with(where)
    character(*), intent(in) :: where
    write (error_unit, '(a)') where//': '//clq_error_text()
    error stop 1
  end subroutine end_with

  ! A variable that holds a handle must give it back before it gets another one.
  logical function is_free(handle, where, ierr)
    integer(c_int64_t), intent(in) :: handle
    character(*), intent(in) :: where
    integer, intent(out), optional :: ierr
    is_free = handle == 0
    if (.not. is_free) call refuse('this variable holds one already, close it first', where, ierr)
  end function is_free

  ! The whole of a text that the library gives of a handle; '' where there is none.
  subroutine text_of(ask, handle, where, text, ierr)
    procedure(text_of_handle) :: ask
    integer(c_int64_t), intent(in) :: handle
    character(*), intent(in) :: where
    character(:), allocatable, intent(out) :: text
    integer, intent(out), optional :: ierr
    integer(c_int64_t) :: needed, capacity
    needed = ask(handle, capacity=0_c_int64_t)
    text = ''
    do while (needed > len(text, c_int64_t))   ! another thread may change what is told
      capacity = needed
      text = repeat(' ', capacity)
      needed = ask(handle, text, capacity)
    end do
    text = text(:max(0_c_int64_t, needed - 1))
    call finish(needed, where, ierr)
  end subroutine text_of

  ! "(5, 4, 3)" of a shape.
  function lengths(dims) result(text)
    integer(c_int64_t), intent(in) :: dims(:)
    character(160) :: text
    write (text, '("(", *(i0, :, ", "))') dims
    text = trim(text)//')'
  end function lengths

end module calanque_base
