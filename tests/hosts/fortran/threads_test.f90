! tests/hosts/fortran/threads_test.f90 -- one model asked by several OpenMP threads, and each thread its own words of an error.
! SPDX-License-Identifier: BSD-3-Clause
program threads_test
  use, intrinsic :: iso_fortran_env, only: real32, real64
  use calanque
  use checks
  use omp_lib, only: omp_get_thread_num
  implicit none
  integer, parameter :: threads = 4, times = 50
  type(clq_config) :: config
  type(clq_source) :: source
  type(clq_model) :: model
  real(real32), target :: a(rows), b(rows)
  real(real64), target :: y(rows)
  real(real32) :: x(2, rows), alone(rows), found(rows, threads)
  integer :: i, wrong
  call fill(a, b, y)
  x(1, :) = a
  x(2, :) = b
  call config%parse(run_file())
  call source%create(rows)
  call source%borrow('a', a)
  call source%borrow('b', b)
  call source%borrow('y', y)
  call model%create(config, source)
  call model%fit(source, config)
  call model%predict(x, alone)
!$omp parallel do num_threads(threads) schedule(static, 1)
  do i = 1, threads
    call model%predict(x, found(:, i))
  end do
  call expect(all([(all(found(:, i) == alone), i=1, threads)]), 'the same predictions from every thread')
  wrong = 0
!$omp parallel num_threads(threads) reduction(+: wrong)
  wrong = wrong_words(omp_get_thread_num())
!$omp end parallel
  call expect(wrong == 0, 'each thread reads the words of its own error')
  call ended(2)

contains

  ! Every thread makes its error before any reads the words: of the module's own errors and of the library's, in turns.
  integer function wrong_words(i) result(wrong)
    integer, intent(in) :: i
    type(clq_source) :: mine
    real(real32) :: values(10 + i)
    character(8) :: number
    integer :: k, ierr
    wrong = 0
    values = 0
    write (number, '(i0)') 10 + i
    call mine%create(1)
    do k = 1, times
      if (mod(k + i, 2) == 0) then
        call mine%add('v', values, ierr)
      else
        call mine%add('v'//trim(number), values(:1), ierr)   ! once that is fine, then it is there
        call mine%add('v'//trim(number), values(:1), ierr)
      end if
!$omp barrier
      if (index(clq_error_text(), trim(number)) == 0 .or. ierr == 0) wrong = wrong + 1
      if ((index(clq_error_text(), 'last dimension') > 0) .neqv. (mod(k + i, 2) == 0)) wrong = wrong + 1
!$omp barrier
    end do
    call mine%close
  end function wrong_words

end program threads_test
