! tests/hosts/fortran/errors_test.f90 -- errors with ierr, handles that are closed twice or in use, texts of any length.
! SPDX-License-Identifier: BSD-3-Clause
program errors_test
  use, intrinsic :: iso_fortran_env, only: int64, real32
  use calanque
  use checks
  implicit none
  call version_and_reports
  call errors_have_words
  call handles
  call padded_texts
  call own_words_give_way
  call ended(32)

contains

  subroutine version_and_reports
    integer :: ierr
    call expect(clq_version() == CLQ_VERSION_TEXT, 'library and module are of one version')
    call clq_plugins_load()
    call expect(index(clq_plugins_report(), '"plugins"') > 0 .or. index(clq_plugins_report(), '.so') > 0, clq_plugins_report())
    call expect(index(clq_plugins_files(), 'clq_') > 0, clq_plugins_files())
    call expect(index(clq_devices_report(), 'cpu_ref:0') > 0, clq_devices_report())
    call clq_log_level(0, ierr)
    call expect(ierr == 0, 'log level')
    call expect(clq_log_next() == '', 'no line waits')
    call expect(clq_order_at(7_int64, 0_int64, 10_int64, 3_int64) < 10, 'a sample of the order')
    call clq_log_level(9, ierr)
    call expect(ierr == CLQ_E_INVALID .and. index(clq_error_text(), '9') > 0, clq_error_text())
    call expect(clq_plugin_probe('relative.so', ierr) == '' .and. ierr < 0, 'a probe of a relative path')
  end subroutine version_and_reports

  subroutine errors_have_words
    type(clq_source) :: source
    type(clq_config) :: config
    integer :: ierr
    call source%open('/no/such/file.fits', ierr=ierr)
    call expect(ierr == CLQ_E_NOT_FOUND .or. ierr == CLQ_E_IO, 'a file that is not there')
    call expect(index(clq_error_text(), '/no/such/file.fits') > 0, clq_error_text())
    call expect(clq_error_code() == ierr, 'the code is that of ierr')
    call expect(source%handle == 0, 'an error leaves the handle alone')
    call config%parse(run_file('epoch = 3'), ierr)
    call expect(ierr == CLQ_E_INVALID .and. index(clq_error_text(), 'train.epochs') > 0, clq_error_text())
    call source%create(0, ierr)
    call expect(ierr == CLQ_E_INVALID .and. index(clq_error_text(), 'got 0') > 0, clq_error_text())
  end subroutine errors_have_words

  subroutine handles
    type(clq_source) :: source, never
    type(clq_model) :: model
    type(clq_result) :: result
    type(clq_trainer) :: trainer
    integer :: ierr
    integer(int64) :: n
    call source%create(3)
    call expect(source%count() == 3, 'count')
    call source%create(4, ierr)
    call expect(ierr == CLQ_E_INVALID, 'a variable that holds a source')
    call expect(clq_error_text() == 'this variable holds one already, close it first', clq_error_text())
    call source%close
    call source%close
    call never%close
    call model%close
    call result%close
    call trainer%close
    n = source%count(ierr)
    call expect(ierr == CLQ_E_INVALID .and. n == 0, 'a source that was closed')
    call source%create(4, ierr)
    call expect(ierr == 0, 'a variable is free again')
    call expect(model%describe(ierr) == '' .and. ierr == CLQ_E_INVALID, 'a model that was never made')
    never%handle = source%handle   ! a stale copy
    call source%close
    n = never%count(ierr)
    call expect(ierr == CLQ_E_INVALID, 'a stale handle')
    call never%close
  end subroutine handles

  subroutine padded_texts
    type(clq_config) :: config
    type(clq_source) :: source
    character(40) :: key, value, field
    real(real32) :: a(2)
    integer :: ierr
    key = 'train.epochs'
    value = '17'
    call config%parse(run_file())
    call config%set(key, value)
    call expect(config%get('train.epochs') == '17', config%get('train.epochs'))
    call expect(len(config%get('train.epochs')) == 2, 'a text out has its own length')
    call config%set('data.where', '')
    call expect(config%get('data.where') == '', 'an empty text')
    call expect(index(config%dump(), 'epochs = 17') > 0, 'dump')
    call expect(len(config%dump(.true.)) > len(config%dump(.false.)), 'dump with origins')
    field = 'a'
    call source%create(2)
    call source%add(field, [1., 2.])
    call source%read([1_int64, 0_int64], 'a   ', a)
    call expect(all(a == [2, 1]), 'names without the blanks behind them')
    call expect(index(source%locate(1_int64), '1') > 0, source%locate(1_int64))
    call config%set('train.epoch', '3', ierr)
    call expect(ierr == CLQ_E_INVALID .and. index(clq_error_text(), 'train.epochs') > 0, clq_error_text())
    call source%close
    call config%close
  end subroutine padded_texts

  ! Words of the module, then the library's, then the module's.
  subroutine own_words_give_way
    type(clq_source) :: source
    real(real32) :: wrong(3)
    integer :: ierr
    wrong = 0
    call source%create(2)
    call source%add('w', wrong, ierr)
    call expect(clq_error_text() == "'w': the last dimension must count the 2 samples, got (3)", clq_error_text())
    call source%add(' ', wrong(:2), ierr)
    call expect(index(clq_error_text(), 'field must have a name') > 0, clq_error_text())
    call source%close
  end subroutine own_words_give_way

end program errors_test
