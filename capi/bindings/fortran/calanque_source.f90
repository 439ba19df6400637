! capi/bindings/fortran/calanque_source.f90 -- sources of samples; add, borrow and read are inherited.
! SPDX-License-Identifier: BSD-3-Clause
module calanque_source
  use, intrinsic :: iso_c_binding, only: c_char, c_int32_t, c_int64_t
  use calanque_arrays, only: clq_model_arrays, clq_source_arrays
  use calanque_base, only: c_text, finish, is_free, text_of
  use calanque_c
  use calanque_config, only: clq_config
  use calanque_result, only: clq_result
  implicit none
  private
  public :: clq_source

  ! Any thread. Samples count from 0, as in every message of the library. A copy of the variable is the same source.
  type, extends(clq_source_arrays) :: clq_source
  contains
    procedure :: open => open_uri, from_config, for_model, create, count => count_samples, describe, locate, dtype
    procedure :: find, write => write_samples, scan, scanned, look, close
  end type clq_source

contains

  ! A file by its name. options (JSON): keys of [data].
  subroutine open_uri(self, uri, options, ierr)
    class(clq_source), intent(inout) :: self
    character(*), intent(in) :: uri
    character(*), intent(in), optional :: options
    integer, intent(out), optional :: ierr
    character(kind=c_char, len=:), allocatable :: json
    if (.not. is_free(self%handle, 'clq_source%open', ierr)) return
    if (present(options)) json = c_text(options)
    call finish(int(c_source_open(c_text(uri), json, self%handle), c_int64_t), 'clq_source%open', ierr)
  end subroutine open_uri

  ! What the run file names as data.catalog.
  subroutine from_config(self, config, ierr)
    class(clq_source), intent(inout) :: self
    type(clq_config), intent(in) :: config
    integer, intent(out), optional :: ierr
    if (.not. is_free(self%handle, 'clq_source%from_config', ierr)) return
    call finish(int(c_source_from_config(config%handle, self%handle), c_int64_t), 'clq_source%from_config', ierr)
  end subroutine from_config

  ! Opened as the model's data were. data (JSON): other values of some keys of [data].
  subroutine for_model(self, model, uri, data, ierr)
    class(clq_source), intent(inout) :: self
    class(clq_model_arrays), intent(in) :: model
    character(*), intent(in) :: uri
    character(*), intent(in), optional :: data
    integer, intent(out), optional :: ierr
    character(kind=c_char, len=:), allocatable :: json
    if (.not. is_free(self%handle, 'clq_source%for_model', ierr)) return
    if (present(data)) json = c_text(data)
    call finish(int(c_source_for_model_with(model%handle, c_text(uri), json, self%handle), c_int64_t), &
      'clq_source%for_model', ierr)
  end subroutine for_model

  ! Of arrays in memory: n samples, fields by add and borrow.
  subroutine create(self, n, ierr)
    class(clq_source), intent(inout) :: self
    integer, intent(in) :: n
    integer, intent(out), optional :: ierr
    if (.not. is_free(self%handle, 'clq_source%create', ierr)) return
    call finish(int(c_source_create(int(n, c_int64_t), self%handle), c_int64_t), 'clq_source%create', ierr)
  end subroutine create

  integer(c_int64_t) function count_samples(self, ierr) result(n)
    class(clq_source), intent(in) :: self
    integer, intent(out), optional :: ierr
    n = 0
    call finish(int(c_source_count(self%handle, n), c_int64_t), 'clq_source%count', ierr)
  end function count_samples

  ! JSON: fields with their shapes as in C (reversed here), units, roles; fingerprint.
  function describe(self, ierr) result(json)
    class(clq_source), intent(in) :: self
    integer, intent(out), optional :: ierr
    character(:), allocatable :: json
    call text_of(c_source_describe, self%handle, 'clq_source%describe', json, ierr)
  end function describe

  ! Where a sample is: file, extension, row.
  function locate(self, sample, ierr) result(text)
    class(clq_source), intent(in) :: self
    integer(c_int64_t), intent(in) :: sample
    integer, intent(out), optional :: ierr
    character(:), allocatable :: text
    integer(c_int64_t) :: needed
    needed = c_source_locate(self%handle, sample, capacity=0_c_int64_t)
    text = ''
    do while (needed > len(text, c_int64_t))
      text = repeat(' ', needed)
      needed = c_source_locate(self%handle, sample, text, len(text, c_int64_t))
    end do
    text = text(:max(0_c_int64_t, needed - 1))
    call finish(needed, 'clq_source%locate', ierr)
  end function locate

  ! CLQ_F32 and so on: the type of a field's elements, which an array for read must have; of a text CLQ_U8.
  integer(c_int32_t) function dtype(self, field, ierr)
    class(clq_source), intent(in) :: self
    character(*), intent(in) :: field
    integer, intent(out), optional :: ierr
    dtype = 0
    call finish(int(c_source_dtype(self%handle, c_text(field), dtype), c_int64_t), 'clq_source%dtype', ierr)
  end function dtype

  ! The sample whose id_column is id; id_column '': sample number id. others: how many more have it.
  function find(self, id_column, id, others, ierr) result(sample)
    class(clq_source), intent(in) :: self
    character(*), intent(in) :: id_column, id
    integer, intent(out), optional :: others, ierr
    integer(c_int64_t) :: sample, answer
    sample = -1
    answer = c_source_find(self%handle, c_text(id_column), c_text(id), sample)
    if (present(others)) others = int(max(answer, 0_c_int64_t))
    call finish(answer, 'clq_source%find', ierr)
  end function find

  ! Samples into a new file, by its suffix. options (JSON): fields, first, n.
  subroutine write_samples(self, uri, options, ierr)
    class(clq_source), intent(in) :: self
    character(*), intent(in) :: uri
    character(*), intent(in), optional :: options
    integer, intent(out), optional :: ierr
    character(kind=c_char, len=:), allocatable :: json
    if (present(options)) json = c_text(options)
    call finish(int(c_source_write(self%handle, c_text(uri), json), c_int64_t), 'clq_source%write', ierr)
  end subroutine write_samples

  ! Every row once. options (JSON): readers, null, id, columns, list.
  subroutine scan(self, result, options, ierr)
    class(clq_source), intent(in) :: self
    type(clq_result), intent(inout) :: result
    character(*), intent(in), optional :: options
    integer, intent(out), optional :: ierr
    character(kind=c_char, len=:), allocatable :: json
    if (.not. is_free(result%handle, 'clq_source%scan', ierr)) return
    if (present(options)) json = c_text(options)
    call finish(int(c_source_scan(self%handle, json, result%handle), c_int64_t), 'clq_source%scan', ierr)
  end subroutine scan

  ! Rows so far, of a scan in another thread.
  integer(c_int64_t) function scanned(self, ierr) result(rows)
    class(clq_source), intent(in) :: self
    integer, intent(out), optional :: ierr
    rows = 0
    call finish(int(c_source_scanned(self%handle, rows), c_int64_t), 'clq_source%scanned', ierr)
  end function scanned

  ! One row to look at; with a model what the network gets of it. prefix: PNG and FITS files begin so.
  subroutine look(self, sample, result, model, prefix, ierr)
    class(clq_source), intent(in) :: self
    integer(c_int64_t), intent(in) :: sample
    type(clq_result), intent(inout) :: result
    class(clq_model_arrays), intent(in), optional :: model
    character(*), intent(in), optional :: prefix
    integer, intent(out), optional :: ierr
    character(kind=c_char, len=:), allocatable :: path
    integer(c_int64_t) :: of_model
    if (.not. is_free(result%handle, 'clq_source%look', ierr)) return
    of_model = 0
    if (present(model)) of_model = model%handle
    if (present(prefix)) path = c_text(prefix)
    call finish(int(c_source_look(self%handle, of_model, sample, path, result%handle), c_int64_t), 'clq_source%look', ierr)
  end subroutine look

  subroutine close (self)
    class(clq_source), intent(inout) :: self
    call c_source_close(self%handle)
    self%handle = 0
  end subroutine close

end module calanque_source
