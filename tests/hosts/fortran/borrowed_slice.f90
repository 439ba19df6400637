! tests/hosts/fortran/borrowed_slice.f90 -- must not compile: a slice has no memory that outlives the call.
! SPDX-License-Identifier: BSD-3-Clause
program borrowed_slice
  use calanque
  implicit none
  type(clq_source) :: source
  real, target :: a(4)
  a = 1
  call source%create(2)
#ifdef WHOLE
  call source%borrow('a', a)
#else
  call source%borrow('a', a(::2))
#endif
end program borrowed_slice
