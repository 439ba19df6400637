! tests/hosts/fortran/spy.f90 -- what spy.c kept of the last call.
! SPDX-License-Identifier: BSD-3-Clause
module spy
  use, intrinsic :: iso_c_binding
  implicit none
  interface
    function spy_data() bind(c)
      import
      type(c_ptr) :: spy_data
    end function spy_data
    function spy_dim(i) bind(c)
      import
      integer(c_int32_t), value :: i
      integer(c_int64_t) :: spy_dim
    end function spy_dim
    function spy_rank() bind(c)
      import
      integer(c_int32_t) :: spy_rank
    end function spy_rank
    function spy_dtype() bind(c)
      import
      integer(c_int32_t) :: spy_dtype
    end function spy_dtype
    function spy_borrow() bind(c)
      import
      integer(c_int32_t) :: spy_borrow
    end function spy_borrow
    function spy_value(i) bind(c)
      import
      integer(c_int32_t), value :: i
      real(c_float) :: spy_value
    end function spy_value
  end interface

contains

  logical function gave(dims)
    integer, intent(in) :: dims(:)
    integer :: i
    gave = spy_rank() == size(dims)
    do i = 1, size(dims)
      gave = gave .and. spy_dim(int(i - 1, c_int32_t)) == dims(i)
    end do
  end function gave

  logical function is_at(place)
    type(c_ptr), intent(in) :: place
    is_at = c_associated(spy_data(), place)
  end function is_at

  integer(c_intptr_t) function address(place)
    type(c_ptr), intent(in) :: place
    address = transfer(place, address)
  end function address

end module spy
