! tests/hosts/fortran/checks.f90 -- what a test of this folder says, and the sample data of several.
! SPDX-License-Identifier: BSD-3-Clause
module checks
  use, intrinsic :: iso_fortran_env, only: error_unit, real32, real64
  implicit none
  private
  public :: expect, ended, run_file, fill, rows
  integer, parameter :: rows = 640
  integer, save :: n_checks = 0, n_failed = 0

contains

  subroutine expect(holds, what)
    logical, intent(in) :: holds
    character(*), intent(in) :: what
    n_checks = n_checks + 1
    if (holds) return
    n_failed = n_failed + 1
    write (error_unit, '(2a)') 'does not hold: ', what
  end subroutine expect

  ! `wanted`: so many checks were to be made, that none is left out unseen.
  subroutine ended(wanted)
    integer, intent(in) :: wanted
    if (n_checks /= wanted) write (error_unit, '(i0, a, i0)') n_checks, ' checks were made, wanted ', wanted
    if (n_checks /= wanted .or. n_failed > 0) error stop 2
    write (*, '(i0, a)') n_checks, ' checks hold'
  end subroutine ended

  function run_file(more) result(toml)
    character(*), intent(in), optional :: more   ! of [train]
    character(:), allocatable :: toml
    character(1), parameter :: nl = new_line('a')
    toml = 'task = "regression"'//nl//'[data]'//nl//'scalars = ["a", "b"]'//nl//'target = "y"'//nl//'[split]'//nl// &
           'valid = 0.2'//nl//'[[model.layer]]'//nl//'use = "dense"'//nl//'units = 8'//nl//'activation = "tanh"'//nl// &
           '[[model.layer]]'//nl//'use = "dense"'//nl//'[train]'//nl//'epochs = 4'//nl//'batch = 32'//nl// &
           'optimizer = { name = "adam", lr = 0.01 }'//nl
    if (present(more)) toml = toml//more//nl
  end function run_file

  ! y = a - 2 b
  subroutine fill(a, b, y)
    real(real32), intent(out) :: a(rows), b(rows)
    real(real64), intent(out) :: y(rows)
    integer :: i
    do i = 1, rows
      a(i) = sin(real(i, real32))
      b(i) = cos(1.7_real32*real(i, real32))
      y(i) = real(a(i), real64) - 2*real(b(i), real64)
    end do
  end subroutine fill

end module checks
