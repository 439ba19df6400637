! tests/hosts/fortran/no_ierr.f90 -- an error that nobody asks about ends the program: 1 by the library, 2 by the module.
! SPDX-License-Identifier: BSD-3-Clause
program no_ierr
  use calanque
  implicit none
  type(clq_source) :: source
  character(1) :: which
  call get_command_argument(1, which)
  call source%create(2)
  if (which == '1') call source%add(' ', [1., 2.])
  call source%add('b', [1., 2., 3.])
  print '(a)', 'not reached'
end program no_ierr
