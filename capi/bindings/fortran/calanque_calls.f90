! capi/bindings/fortran/calanque_calls.f90 -- one call each, of an array as address, dtype and shape.
! SPDX-License-Identifier: BSD-3-Clause
!
! A shape is reversed, memory never touched: image(nx, ny, nband, n) is [n, nband, ny, nx] of the C API.
module calanque_calls
  use, intrinsic :: iso_c_binding, only: c_double, c_float, c_int32_t, c_int64_t, c_ptr
  use calanque_base, only: c_text, finish, lengths, refuse
  use calanque_c
  implicit none
  private
  public :: call_add, call_read, call_set, call_get, call_state, predict_real32, predict_real64, bytes_of, is_of_kind

contains

  pure integer(c_int64_t) function bytes_of(dtype)
    integer(c_int32_t), intent(in) :: dtype
    select case (dtype)
    case (CLQ_F64, CLQ_I64, CLQ_U64)
      bytes_of = 8
    case (CLQ_F32, CLQ_I32, CLQ_U32)
      bytes_of = 4
    case (CLQ_I8, CLQ_U8)
      bytes_of = 1
    case default
      bytes_of = 2
    end select
  end function bytes_of

  pure function reversed(dims)
    integer(c_int64_t), intent(in) :: dims(:)
    integer(c_int64_t) :: reversed(size(dims))
    reversed = dims(size(dims):1:-1)
  end function reversed

  ! An array whose last dimension is another one would be read or written beyond its end, or with its axes mixed up.
  logical function counts(dims, n, name, where, ierr)
    integer(c_int64_t), intent(in) :: dims(:), n
    character(*), intent(in) :: name, where
    integer, intent(out), optional :: ierr
    character(20) :: wanted
    counts = dims(size(dims)) == n
    if (counts) return
    write (wanted, '(i0)') n
    call refuse("'"//trim(name)//"': the last dimension must count the "//trim(wanted)//' samples, got '//trim(lengths(dims)), &
      where, ierr)
  end function counts

  ! "'y' (64) has 64"
  function counted(name, dims) result(text)
    character(*), intent(in) :: name
    integer(c_int64_t), intent(in) :: dims(:)
    character(240) :: text
    character(20) :: n
    write (n, '(i0)') dims(size(dims))
    text = "'"//name//"' "//trim(lengths(dims))//' has '//trim(n)
  end function counted

  subroutine call_add(source, field, data, dtype, dims, borrow, ierr)
    integer(c_int64_t), intent(in) :: source, dims(:)
    character(*), intent(in) :: field
    type(c_ptr), intent(in) :: data
    integer(c_int32_t), intent(in) :: dtype
    logical, intent(in) :: borrow
    integer, intent(out), optional :: ierr
    character(*), parameter :: procedures(2) = ['clq_source%add   ', 'clq_source%borrow']
    character(:), allocatable :: where
    integer(c_int64_t) :: n
    integer(c_int32_t) :: answer, rank
    where = trim(procedures(merge(2, 1, borrow)))
    answer = c_source_count(source, n)
    if (answer == CLQ_OK) then
      if (.not. counts(dims, n, field, where, ierr)) return
      rank = size(dims) - 1
      answer = c_source_add(source, c_text(field), data, dtype, rank, reversed(dims(:rank)), &
        merge(1_c_int32_t, 0_c_int32_t, borrow))
    end if
    call finish(int(answer, c_int64_t), where, ierr)
  end subroutine call_add

  subroutine call_read(source, samples, field, data, dtype, dims, ierr)
    integer(c_int64_t), intent(in) :: source, samples(:), dims(:)
    character(*), intent(in) :: field
    type(c_ptr), intent(in) :: data
    integer(c_int32_t), intent(in) :: dtype
    integer, intent(out), optional :: ierr
    character(*), parameter :: where = 'clq_source%read'
    integer(c_int32_t) :: answer
    if (.not. counts(dims, size(samples, kind=c_int64_t), field, where, ierr)) return
    if (.not. is_of_kind(source, field, dtype, where, ierr)) return
    answer = c_source_read(source, samples, size(samples, kind=c_int64_t), c_text(field), data, product(dims)*bytes_of(dtype))
    call finish(int(answer, c_int64_t), where, ierr)
  end subroutine call_read

  ! The library gives a field as it is: bits of another kind of the same size would be no numbers.
  logical function is_of_kind(source, field, dtype, where, ierr)
    integer(c_int64_t), intent(in) :: source
    character(*), intent(in) :: field, where
    integer(c_int32_t), intent(in) :: dtype
    integer, intent(out), optional :: ierr
    character(*), parameter :: names(13) = &
      ['f16 ', 'bf16', 'f32 ', 'f64 ', 'i8  ', 'u8  ', 'i16 ', 'u16 ', 'i32 ', 'u32 ', 'i64 ', 'u64 ', '?   ']
    integer(c_int32_t) :: answer, found
    found = dtype
    answer = c_source_dtype(source, c_text(field), found)
    call finish(int(answer, c_int64_t), where, ierr)
    is_of_kind = answer == CLQ_OK .and. found == dtype
    if (answer == CLQ_OK .and. found /= dtype) &
      call refuse("'"//trim(field)//"' is "//trim(names(min(found, size(names))))//', the array is '//trim(names(dtype)), &
      where, ierr)
  end function is_of_kind

  subroutine call_set(batch, name, data, dtype, dims, ierr)
    integer(c_int64_t), intent(in) :: batch, dims(:)
    character(*), intent(in) :: name
    type(c_ptr), intent(in) :: data
    integer(c_int32_t), intent(in) :: dtype
    integer, intent(out), optional :: ierr
    integer(c_int32_t) :: answer
    answer = c_batch_set(batch, c_text(name), data, dtype, size(dims, kind=c_int32_t), reversed(dims))
    call finish(int(answer, c_int64_t), 'clq_batch%set', ierr)
  end subroutine call_set

  subroutine call_get(batch, n, name, data, dtype, dims, ierr)
    integer(c_int64_t), intent(in) :: batch, n, dims(:)
    character(*), intent(in) :: name
    type(c_ptr), intent(in) :: data
    integer(c_int32_t), intent(in) :: dtype
    integer, intent(out), optional :: ierr
    character(*), parameter :: where = 'clq_batch%get'
    integer(c_int32_t) :: answer
    integer(c_int64_t) :: bytes
    bytes = product(dims)*bytes_of(dtype)
    if (dims(size(dims)) /= n) bytes = 0   ! nothing is filled, but an output that is not there is told
    answer = c_batch_get(batch, c_text(name), data, dtype, bytes)
    if (batch /= 0 .and. answer /= CLQ_E_NOT_FOUND) then
      if (.not. counts(dims, n, name, where, ierr)) return
    end if
    call finish(int(answer, c_int64_t), where, ierr)
  end subroutine call_get

  subroutine call_state(where, handle, name, data, dtype, n, ierr)
    character(*), intent(in) :: where, name
    integer(c_int64_t), intent(in) :: handle, n
    type(c_ptr), intent(in) :: data
    integer(c_int32_t), intent(in) :: dtype
    integer, intent(out), optional :: ierr
    integer(c_int32_t) :: answer
    integer(c_int64_t) :: bytes
    bytes = n*bytes_of(dtype)
    select case (where)
    case ('clq_model%get')
      answer = c_model_get(handle, c_text(name), data, dtype, bytes)
    case ('clq_model%set')
      answer = c_model_set(handle, c_text(name), data, dtype, bytes)
    case ('clq_trainer%set')
      answer = c_trainer_set(handle, c_text(name), data, dtype, bytes)
    case ('clq_trainer%get_gradient')
      answer = c_gradient_get(handle, c_text(name), data, dtype, bytes)
    case default
      answer = c_gradient_set(handle, c_text(name), data, dtype, bytes)
    end select
    call finish(int(answer, c_int64_t), where, ierr)
  end subroutine call_state

  subroutine predict_real32(model, x, x_dims, y, y_dims, ierr)
    integer(c_int64_t), intent(in) :: model, x_dims(:), y_dims(:)
    real(c_float), intent(in) :: x(*)
    real(c_float), intent(inout) :: y(*)
    integer, intent(out), optional :: ierr
    character(*), parameter :: where = 'clq_model%predict'
    integer(c_int64_t) :: n
    integer(c_int32_t) :: answer
    n = x_dims(size(x_dims))
    if (y_dims(size(y_dims)) /= n) then   ! either may be the one that is wrong
      call refuse('the last dimension must count the samples: '//trim(counted('x', x_dims))//', '// &
        counted('y', y_dims), where, ierr)
      return
    end if
    answer = c_predict(model, x, n, product(x_dims)/max(n, 1_c_int64_t), y, product(y_dims)/max(n, 1_c_int64_t))
    call finish(int(answer, c_int64_t), where, ierr)
  end subroutine predict_real32

  subroutine predict_real64(model, x, x_dims, y, y_dims, ierr)
    integer(c_int64_t), intent(in) :: model, x_dims(:), y_dims(:)
    real(c_double), intent(in) :: x(*)
    real(c_double), intent(inout) :: y(*)
    integer, intent(out), optional :: ierr
    real(c_float), allocatable :: inputs(:), outputs(:)
    allocate (inputs(product(x_dims)), outputs(product(y_dims)))
    inputs = real(x(:size(inputs)), c_float)
    call predict_real32(model, inputs, x_dims, outputs, y_dims, ierr)
    if (present(ierr)) then
      if (ierr /= 0) return
    end if
    y(:size(outputs)) = outputs
  end subroutine predict_real64

end module calanque_calls
