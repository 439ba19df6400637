! capi/bindings/fortran/calanque_library.f90 -- version, log, plugins, devices: what belongs to no handle.
! SPDX-License-Identifier: BSD-3-Clause
module calanque_library
  use, intrinsic :: iso_c_binding
  use calanque_base, only: c_text, finish
  use calanque_c
  implicit none
  private
  public :: clq_version, clq_log_level, clq_log_next, clq_plugins_load, clq_plugins_report, clq_plugins_files, &
    clq_plugin_probe, clq_devices_report, clq_order_at

  abstract interface
    function report(text, capacity) bind(c) result(needed)
      import
      character(kind=c_char), intent(inout), optional :: text(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: needed
    end function report
    function report_of_path(path, text, capacity) bind(c) result(needed)
      import
      character(kind=c_char), intent(in), optional :: path(*)
      character(kind=c_char), intent(inout), optional :: text(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: needed
    end function report_of_path
  end interface

contains

  ! Of the library that runs; CLQ_VERSION_TEXT is that of the header.
  function clq_version() result(text)
    character(:), allocatable :: text
    character(kind=c_char), pointer :: letters(:)
    integer :: i
    call c_f_pointer(c_version(), letters, [32])
    text = ''
    do i = 1, size(letters)
      if (letters(i) == c_null_char) exit
      text = text//letters(i)
    end do
  end function clq_version

  ! 0 off, 1 error ... 4 debug.
  subroutine clq_log_level(level, ierr)
    integer, intent(in) :: level
    integer, intent(out), optional :: ierr
    call finish(int(c_log_level(int(level, c_int32_t)), c_int64_t), 'clq_log_level', ierr)
  end subroutine clq_log_level

  ! The oldest line that waits; '' where none does.
  function clq_log_next(ierr) result(line)
    integer, intent(out), optional :: ierr
    character(:), allocatable :: line
    call whole(c_log_next, 'clq_log_next', line, ierr)
  end function clq_log_next

  ! A file or a folder; without a path the default places.
  subroutine clq_plugins_load(path, ierr)
    character(*), intent(in), optional :: path
    integer, intent(out), optional :: ierr
    character(kind=c_char, len=:), allocatable :: where_from
    if (present(path)) where_from = c_text(path)
    call finish(int(c_plugins_load(where_from), c_int64_t), 'clq_plugins_load', ierr)
  end subroutine clq_plugins_load

  ! JSON: every file seen, and why it was refused.
  function clq_plugins_report(ierr) result(json)
    integer, intent(out), optional :: ierr
    character(:), allocatable :: json
    call whole(c_plugins_report, 'clq_plugins_report', json, ierr)
  end function clq_plugins_report

  ! JSON: the files that clq_plugins_load would try.
  function clq_plugins_files(path, ierr) result(json)
    character(*), intent(in), optional :: path
    integer, intent(out), optional :: ierr
    character(:), allocatable :: json
    if (present(path)) then
      call whole_of(c_plugins_files, 'clq_plugins_files', json, c_text(path), ierr)
    else
      call whole_of(c_plugins_files, 'clq_plugins_files', json, ierr=ierr)
    end if
  end function clq_plugins_files

  ! JSON: what this one file is. A plugin that crashes does so here.
  function clq_plugin_probe(path, ierr) result(json)
    character(*), intent(in) :: path
    integer, intent(out), optional :: ierr
    character(:), allocatable :: json
    call whole_of(c_plugin_probe, 'clq_plugin_probe', json, c_text(path), ierr)
  end function clq_plugin_probe

  ! JSON: names such as "cpu_onednn:0", memory, precisions.
  function clq_devices_report(ierr) result(json)
    integer, intent(out), optional :: ierr
    character(:), allocatable :: json
    call whole(c_devices_report, 'clq_devices_report', json, ierr)
  end function clq_devices_report

  ! The sample, counted from 0, that stands at this position of this epoch's order of n samples.
  function clq_order_at(seed, epoch, n, position, ierr) result(sample)
    integer(c_int64_t), intent(in) :: seed, epoch, n, position
    integer, intent(out), optional :: ierr
    integer(c_int64_t) :: sample
    sample = -1
    call finish(int(c_order_at(seed, epoch, n, position, sample), c_int64_t), 'clq_order_at', ierr)
  end function clq_order_at

  ! As text_of of calanque_base.
  subroutine whole(ask, where, text, ierr)
    procedure(report) :: ask
    character(*), intent(in) :: where
    character(:), allocatable, intent(out) :: text
    integer, intent(out), optional :: ierr
    integer(c_int64_t) :: needed, capacity
    needed = ask(capacity=0_c_int64_t)
    text = ''
    do while (needed > len(text, c_int64_t))
      capacity = needed
      text = repeat(' ', capacity)
      needed = ask(text, capacity)
    end do
    text = text(:max(0_c_int64_t, needed - 1))
    call finish(needed, where, ierr)
  end subroutine whole

  subroutine whole_of(ask, where, text, path, ierr)
    procedure(report_of_path) :: ask
    character(*), intent(in) :: where
    character(:), allocatable, intent(out) :: text
    character(*), intent(in), optional :: path
    integer, intent(out), optional :: ierr
    integer(c_int64_t) :: needed, capacity
    needed = ask(path, capacity=0_c_int64_t)
    text = ''
    do while (needed > len(text, c_int64_t))
      capacity = needed
      text = repeat(' ', capacity)
      needed = ask(path, text, capacity)
    end do
    text = text(:max(0_c_int64_t, needed - 1))
    call finish(needed, where, ierr)
  end subroutine whole_of

end module calanque_library
