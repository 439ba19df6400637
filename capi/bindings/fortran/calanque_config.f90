! capi/bindings/fortran/calanque_config.f90 -- the run file.
! SPDX-License-Identifier: BSD-3-Clause
module calanque_config
  use, intrinsic :: iso_c_binding, only: c_char, c_int32_t, c_int64_t
  use calanque_base, only: c_text, finish, is_free
  use calanque_c
  implicit none
  private
  public :: clq_config

  ! Any thread. A copy of the variable is the same configuration; close gives it back, and is fine twice.
  type :: clq_config
    integer(c_int64_t) :: handle = 0   ! the C API's; 0: none
  contains
    procedure :: load, parse, set, get, dump, close
  end type clq_config

contains

  subroutine load(self, path, ierr)
    class(clq_config), intent(inout) :: self
    character(*), intent(in) :: path
    integer, intent(out), optional :: ierr
    if (.not. is_free(self%handle, 'clq_config%load', ierr)) return
    call finish(int(c_config_load(c_text(path), self%handle), c_int64_t), 'clq_config%load', ierr)
  end subroutine load

  ! The text of a run file: TOML, lines ended by new_line.
  subroutine parse(self, toml, ierr)
    class(clq_config), intent(inout) :: self
    character(*), intent(in) :: toml
    integer, intent(out), optional :: ierr
    if (.not. is_free(self%handle, 'clq_config%parse', ierr)) return
    call finish(int(c_config_parse(c_text(toml), self%handle), c_int64_t), 'clq_config%parse', ierr)
  end subroutine parse

  ! "train.epochs", "40"
  subroutine set(self, key, value, ierr)
    class(clq_config), intent(in) :: self
    character(*), intent(in) :: key, value
    integer, intent(out), optional :: ierr
    call finish(int(c_config_set(self%handle, c_text(key), c_text(value)), c_int64_t), 'clq_config%set', ierr)
  end subroutine set

  function get(self, key, ierr) result(value)
    class(clq_config), intent(in) :: self
    character(*), intent(in) :: key
    integer, intent(out), optional :: ierr
    character(:), allocatable :: value
    integer(c_int64_t) :: needed
    needed = c_config_get(self%handle, c_text(key), capacity=0_c_int64_t)
    value = ''
    do while (needed > len(value, c_int64_t))
      value = repeat(' ', needed)
      needed = c_config_get(self%handle, c_text(key), value, len(value, c_int64_t))
    end do
    value = value(:max(0_c_int64_t, needed - 1))
    call finish(needed, 'clq_config%get', ierr)
  end function get

  ! TOML with every value; with_origin: and where it is from.
  function dump(self, with_origin, ierr) result(toml)
    class(clq_config), intent(in) :: self
    logical, intent(in), optional :: with_origin
    integer, intent(out), optional :: ierr
    character(:), allocatable :: toml
    integer(c_int32_t) :: origin
    integer(c_int64_t) :: needed
    origin = 0
    if (present(with_origin)) origin = merge(1, 0, with_origin)
    needed = c_config_dump(self%handle, origin, capacity=0_c_int64_t)
    toml = ''
    do while (needed > len(toml, c_int64_t))
      toml = repeat(' ', needed)
      needed = c_config_dump(self%handle, origin, toml, len(toml, c_int64_t))
    end do
    toml = toml(:max(0_c_int64_t, needed - 1))
    call finish(needed, 'clq_config%dump', ierr)
  end function dump

  subroutine close (self)
    class(clq_config), intent(inout) :: self
    call c_config_close(self%handle)
    self%handle = 0
  end subroutine close

end module calanque_config
