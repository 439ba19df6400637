! capi/bindings/fortran/calanque_f77_calls.f90 -- what the subroutines of six letters have in common, and four written by hand.
! SPDX-License-Identifier: BSD-3-Clause
module calanque_f77_calls
  use, intrinsic :: iso_c_binding, only: c_double, c_float, c_int16_t, c_int32_t, c_int64_t, c_loc
  use calanque_base, only: c_text, finish, refuse
  use calanque_c
  use calanque_calls, only: bytes_of, is_of_kind
  implicit none
  public

  interface ended
    procedure ended_32, ended_64
  end interface ended

contains

  ! ier has four bytes, also where this is compiled with other INTEGERs.
  subroutine ended_64(answer, ier)
    integer(c_int64_t), intent(in) :: answer
    integer(c_int32_t), intent(inout) :: ier
    integer :: status
    call finish(answer, '', status)
    ier = int(status, c_int32_t)
  end subroutine ended_64

  subroutine ended_32(answer, ier)
    integer(c_int32_t), intent(in) :: answer
    integer(c_int32_t), intent(inout) :: ier
    call ended_64(int(answer, c_int64_t), ier)
  end subroutine ended_32

  subroutine fail(words, ier)
    character(*), intent(in) :: words
    integer(c_int32_t), intent(inout) :: ier
    integer :: status
    call refuse(trim(words), '', status)
    ier = int(status, c_int32_t)
  end subroutine fail

  logical function is_field_of(source, field, dtype, ier)
    integer(c_int64_t), intent(in) :: source
    character(*), intent(in) :: field
    integer(c_int32_t), intent(in) :: dtype
    integer(c_int32_t), intent(inout) :: ier
    integer :: status
    status = 0
    is_field_of = is_of_kind(source, field, dtype, '', status)
    ier = int(status, c_int32_t)
  end function is_field_of

  ! `needed` bytes of a text, the last one its NUL, into the caller's.
  subroutine tell(where, needed, buffer, text, n, ier)
    character(*), intent(in) :: where, buffer
    integer(c_int64_t), intent(in) :: needed
    character(*), intent(inout) :: text
    integer(c_int32_t), intent(inout) :: n, ier
    character(200) :: words
    call ended(needed, ier)
    if (ier /= 0) return
    n = int(max(0_c_int64_t, needed - 1), c_int32_t)
    if (n > len(text)) then
      write (words, '(3a, i0, a, i0)') where, ': the text has ', 'room for ', len(text), ' characters, needed are ', n
      call fail(words, ier)
    else
      text = buffer(:n)
    end if
  end subroutine tell

  subroutine count(where, value, n, ier)
    character(*), intent(in) :: where
    integer(c_int64_t), intent(in) :: value
    integer(c_int32_t), intent(inout) :: n, ier
    character(200) :: words
    if (value <= huge(n)) then
      n = int(value, c_int32_t)
      return
    end if
    write (words, '(2a, i0, a)') where, ': ', value, ' is more than an INTEGER*4 holds'
    call fail(words, ier)
  end subroutine count

end module calanque_f77_calls

! Words of this thread's last error, cut where they do not fit.
subroutine clqerr(text)
  use calanque_base, only: clq_error_text
  implicit none
  character(*), intent(out) :: text
  text = clq_error_text()
end subroutine clqerr

subroutine clqecd(icode)
  use, intrinsic :: iso_c_binding, only: c_int32_t
  use calanque_base, only: clq_error_code
  implicit none
  integer(c_int32_t), intent(out) :: icode
  icode = clq_error_code()
end subroutine clqecd

subroutine clqver(text)
  use calanque_library, only: clq_version
  implicit none
  character(*), intent(out) :: text
  text = clq_version()
end subroutine clqver

! CLQPRD of REAL*8 arrays, which are converted to REAL*4 and back: the network computes in REAL*4.
subroutine clqpdd(model, input, n, input_size, output, output_size, ier)
  use, intrinsic :: iso_c_binding, only: c_double, c_int32_t, c_int64_t
  use calanque_calls, only: predict_real64
  implicit none
  integer(c_int64_t), intent(in) :: model
  integer(c_int32_t), intent(in) :: n, input_size, output_size
  real(c_double), intent(in) :: input(*)
  real(c_double), intent(inout) :: output(*)
  integer(c_int32_t), intent(inout) :: ier
  integer :: status
  if (ier /= 0) return
  call predict_real64(model, input, int([input_size, n], c_int64_t), output, int([output_size, n], c_int64_t), status)
  ier = int(status, c_int32_t)
end subroutine clqpdd
