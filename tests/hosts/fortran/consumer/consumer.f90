! tests/hosts/fortran/consumer/consumer.f90 -- one call through the module, one through a six-letter subroutine.
! SPDX-License-Identifier: BSD-3-Clause
program consumer
  use calanque
  implicit none
  type(clq_source) :: source
  call source%create(3)
  if (source%count() /= 3) error stop 2
  call source%close
  call old
  print '(2a)', 'calanque ', clq_version()
end program consumer
