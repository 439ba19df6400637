! tests/hosts/fortran/arrays_test.f90 -- how arrays reach the library: their dims reversed, their memory as it is.
! SPDX-License-Identifier: BSD-3-Clause
program arrays_test
  use, intrinsic :: iso_c_binding
  use, intrinsic :: iso_fortran_env, only: int16, int32, int64, real32, real64
  use calanque
  use checks
  use spy
  implicit none
  integer, parameter :: nx = 5, ny = 4, nb = 3, n = 2
  real(real32), target :: image(nx, ny, nb, n)
  integer :: i
  image = reshape([(real(i, real32), i=0, size(image) - 1)], shape(image))
  call reversed_dims
  call borrowed_memory
  call slices_and_expressions
  call kinds_and_ranks
  call reading
  call described_batch
  call ended(41)

contains

  subroutine reversed_dims
    type(clq_source) :: source
    integer :: x, y, b, s
    logical :: same
    call source%create(n)
    call source%add('image', image)
    call expect(gave([nb, ny, nx]), 'add gives the dims of one sample, reversed')
    call expect(is_at(c_loc(image)), 'add of a whole array hands its own address over')
    call expect(spy_borrow() == 0, 'add copies')
    same = .true.   ! element [s, b, y, x] of C is image(x, y, b, s)
    do s = 1, n
      do b = 1, nb
        do y = 1, ny
          do x = 1, nx
            same = same .and. address(c_loc(image(x, y, b, s))) - address(spy_data()) == &
                   4*((((s - 1)*nb + b - 1)*ny + y - 1)*nx + x - 1)
          end do
        end do
      end do
    end do
    call expect(same, 'the address of image(x, y, b, s) is that of [s, b, y, x]')
    call expect(index(source%describe(), '"shape":[3,4,5]') > 0, 'the library understood the shape')
    call source%close
  end subroutine reversed_dims

  subroutine borrowed_memory
    type(clq_source) :: source
    real(real32), target :: a(n), copied(n)
    real(real32) :: found(n)
    a = [1, 2]
    copied = [1, 2]
    call source%create(n)
    call source%borrow('a', a)
    call expect(is_at(c_loc(a)), 'borrow hands the address over')
    call expect(spy_borrow() == 1, 'borrow borrows')
    call source%add('copied', copied)
    a = [7, 8]
    copied = [7, 8]
    call source%read([0_int64, 1_int64], 'a', found)
    call expect(all(found == [7, 8]), 'a borrowed array is read where it is')
    call source%read([0_int64, 1_int64], 'copied', found)
    call expect(all(found == [1, 2]), 'an added array was copied')
    call source%close
  end subroutine borrowed_memory

  subroutine slices_and_expressions
    type(clq_source) :: source
    real(real32) :: found(3, ny, nb, n)
    call source%create(n)
    call source%add('slice', image(::2, :, :, :))
    call expect(gave([nb, ny, 3]), 'dims of a slice')
    call expect(.not. is_at(c_loc(image)), 'a slice is a copy')
    call expect(all([spy_value(0), spy_value(1), spy_value(2), spy_value(3)] == [0., 2., 4., 5.]), 'values of a slice')
    call source%add('expression', 2*image)
    call expect(all([spy_value(0), spy_value(1), spy_value(5)] == [0., 2., 10.]), 'values of an expression')
    call source%read([0_int64, 1_int64], 'slice', found)
    call expect(all(found == image(::2, :, :, :)), 'a slice comes back')
    call source%close
  end subroutine slices_and_expressions

  subroutine kinds_and_ranks
    type(clq_source) :: source
    real(real64), target :: d1(n), d5(1, 2, 3, 4, n)
    integer(int16) :: i2(3, n)
    integer(int32) :: i3(3, 2, n)
    integer(int64) :: i1(n)
    call source%create(n)
    d1 = 1
    d5 = 5
    i1 = -2_int64**60
    i2 = 2
    i3 = 3
    call source%add('d1', d1)
    call expect(spy_dtype() == 4 .and. spy_rank() == 0, 'one real64 a sample')
    call source%add('d5', d5)
    call expect(gave([4, 3, 2, 1]), 'rank 5')
    call source%borrow('borrowed', d5)
    call expect(is_at(c_loc(d5)) .and. spy_borrow() == 1, 'rank 5, borrowed')
    call source%add('i1', i1)
    call expect(spy_dtype() == 11 .and. spy_rank() == 0, 'one int64 a sample')
    call source%add('i2', i2)
    call expect(spy_dtype() == 7 .and. gave([3]), 'int16')
    call source%add('i3', i3)
    call expect(spy_dtype() == 9 .and. gave([2, 3]), 'int32')
    call source%add('r2', image(:, 1, 1, :))
    call expect(spy_dtype() == 3 .and. gave([nx]), 'real32')
    call source%close
  end subroutine kinds_and_ranks

  subroutine reading
    type(clq_source) :: source
    integer(int64) :: ids(2), found(1)
    integer(int32) :: same_size(2)
    real(real32) :: column(2), wrong(2, 3), one(nx, ny, nb, 1)
    integer :: ierr
    ids = [-2_int64**62, 9007199254740993_int64]
    call source%create(n)
    call source%add('id', ids)
    call source%add('q"', [1.5, 2.5])
    call source%add('image', image)
    call source%read([1_int64], 'id', found)
    call expect(found(1) == ids(2), 'an identifier beyond 2^53 comes back whole')
    call source%read([1_int64], 'image', one)
    call expect(all(one(:, :, :, 1) == image(:, :, :, 2)), 'an image comes back')
    column = -1
    call source%read([0_int64, 1_int64], 'id', column, ierr)
    call expect(ierr == CLQ_E_INVALID .and. clq_error_text() == "'id' is i64, the array is f32", clq_error_text())
    call source%read([0_int64, 1_int64], 'image', wrong, ierr)
    call expect(ierr == CLQ_E_INVALID, 'an array of another last dimension is refused')
    call expect(clq_error_text() == "'image': the last dimension must count the 2 samples, got (2, 3)", clq_error_text())
    call source%read([0_int64, 1_int64], 'q"', column, ierr)
    call expect(ierr == 0 .and. all(column == [1.5, 2.5]), 'a name with a quotation mark')
    call source%read([0_int64, 1_int64], 'q"', same_size, ierr)
    call expect(ierr == CLQ_E_INVALID .and. clq_error_text() == "'q""' is f32, the array is i32", clq_error_text())
    call source%read([0_int64, 2_int64], 'id', ids, ierr)
    call expect(ierr == CLQ_E_INVALID .and. index(clq_error_text(), 'from 0 to 1, got 2') > 0, clq_error_text())
    call expect(ids(2) == 9007199254740993_int64, 'an error leaves the array alone')
    call source%read([0_int64, 1_int64], 'nothing', column, ierr)
    call expect(ierr < 0 .and. index(clq_error_text(), 'nothing') > 0, 'a field that is not there')
    call source%close
  end subroutine reading

  subroutine described_batch
    type(clq_config) :: config
    type(clq_source) :: source
    type(clq_model) :: model
    type(clq_batch) :: batch
    real(real32), target :: a(rows), b(rows), both(2, 3)
    real(real64) :: y(rows), wide(3)
    character(:), allocatable :: text
    integer :: ierr
    call fill(a, b, y)
    call config%parse(run_file())
    call source%create(rows)
    call source%borrow('a', a)
    call source%borrow('b', b)
    call source%add('y', y)
    call model%create(config, source)
    call model%fit(source, config)
    call batch%create(model, 3)
    both = reshape([1., 2., 3., 4., 5., 6.], [2, 3])
    call batch%set('scalars', both)
    call expect(gave([3, 2]) .and. is_at(c_loc(both)), 'set reverses and does not copy')
    text = batch%describe()
    call expect(index(text, 'scalars: f32 [3, 2] -> f32 [3, 2]') == 1, text)
    call batch%set('a', [1._real64, 2._real64, 3._real64])
    call expect(index(batch%describe(), 'a: f64 [3] -> f32 [3, 1], columns 0..0') > 0, 'a column of the input')
    call batch%set('b', both(1, :))
    call expect(gave([3]) .and. spy_value(1) == 3, 'a row of a matrix')
    call batch%predict(model)
    call batch%get('prediction', wide)
    call batch%get('prediction', both(1, :))   ! into a slice
    call expect(all(both(1, :) == real(wide, real32)) .and. any(wide /= 0), 'the prediction, converted and into a slice')
    call expect(all(both(2, :) == [2., 4., 6.]), 'what lies between the slice')
    call batch%set('scalars', reshape(both, [3, 2]), ierr)
    call expect(ierr == CLQ_E_INVALID, 'axes the other way round')
    call expect(index(clq_error_text(), 'got [2, 3]') > 0, clq_error_text())
    call batch%get('prediction', both, ierr)
    call expect(ierr == CLQ_E_INVALID, 'room for two values a sample where there is one')
    call batch%get('prediction', wide(:2), ierr)
    call expect(ierr == CLQ_E_INVALID .and. index(clq_error_text(), 'count the 3 samples, got (2)') > 0, clq_error_text())
    call batch%close
    call model%close
    call source%close
    call config%close
  end subroutine described_batch

end program arrays_test
