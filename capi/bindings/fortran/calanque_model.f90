! capi/bindings/fortran/calanque_model.f90 -- models: made, loaded, asked about themselves; predict, get and set are inherited.
! SPDX-License-Identifier: BSD-3-Clause
module calanque_model
  use, intrinsic :: iso_c_binding, only: c_char, c_int32_t, c_int64_t
  use calanque_arrays, only: clq_model_arrays
  use calanque_base, only: c_text, finish, is_free, text_of
  use calanque_c
  use calanque_config, only: clq_config
  use calanque_result, only: clq_result
  use calanque_source, only: clq_source
  implicit none
  private
  public :: clq_model, clq_predict_to, clq_evaluate

  ! Any thread, and several at once, may ask a model to predict. A copy of the variable is the same model.
  type, extends(clq_model_arrays) :: clq_model
  contains
    procedure :: create, load, fit, save => save_model, check, describe, id, cards, n_parameters, predict_to, evaluate, close
  end type clq_model

contains

  ! Untrained, of the run file and with the shapes of the source.
  subroutine create(self, config, source, ierr)
    class(clq_model), intent(inout) :: self
    type(clq_config), intent(in) :: config
    class(clq_source), intent(in) :: source
    integer, intent(out), optional :: ierr
    if (.not. is_free(self%handle, 'clq_model%create', ierr)) return
    call finish(int(c_model_create(config%handle, source%handle, self%handle), c_int64_t), 'clq_model%create', ierr)
  end subroutine create

  ! A bundle. options: '{"device": "cpu", "threads": 4}', batch, average, layers; one thread where none are asked for.
  subroutine load(self, path, options, ierr)
    class(clq_model), intent(inout) :: self
    character(*), intent(in) :: path
    character(*), intent(in), optional :: options
    integer, intent(out), optional :: ierr
    character(kind=c_char, len=:), allocatable :: json
    if (.not. is_free(self%handle, 'clq_model%load', ierr)) return
    if (present(options)) json = c_text(options)
    call finish(int(c_model_load(c_text(path), json, self%handle), c_int64_t), 'clq_model%load', ierr)
  end subroutine load

  ! The statistics of its transforms; a training finds them itself.
  subroutine fit(self, source, config, ierr)
    class(clq_model), intent(in) :: self
    class(clq_source), intent(in) :: source
    type(clq_config), intent(in) :: config
    integer, intent(out), optional :: ierr
    call finish(int(c_model_fit(self%handle, source%handle, config%handle), c_int64_t), 'clq_model%fit', ierr)
  end subroutine fit

  subroutine save_model(self, path, ierr)
    class(clq_model), intent(in) :: self
    character(*), intent(in) :: path
    integer, intent(out), optional :: ierr
    call finish(int(c_model_save(self%handle, c_text(path)), c_int64_t), 'clq_model%save', ierr)
  end subroutine save_model

  ! Answers the inputs that the bundle keeps anew: {"rows", "largest"}; CLQ_E_NOT_FOUND where it keeps none.
  subroutine check(self, result, ierr)
    class(clq_model), intent(in) :: self
    type(clq_result), intent(inout) :: result
    integer, intent(out), optional :: ierr
    if (.not. is_free(result%handle, 'clq_model%check', ierr)) return
    call finish(int(c_model_check(self%handle, result%handle), c_int64_t), 'clq_model%check', ierr)
  end subroutine check

  ! JSON: inputs, outputs, layers, states with their shapes, counts, provenance.
  function describe(self, ierr) result(json)
    class(clq_model), intent(in) :: self
    integer, intent(out), optional :: ierr
    character(:), allocatable :: json
    call text_of(c_model_describe, self%handle, 'clq_model%describe', json, ierr)
  end function describe

  ! 12 hexadecimal digits.
  function id(self, ierr) result(text)
    class(clq_model), intent(in) :: self
    integer, intent(out), optional :: ierr
    character(:), allocatable :: text
    call text_of(c_model_id, self%handle, 'clq_model%id', text, ierr)
  end function id

  ! CLQVER, CLQMODEL, CLQHASH (and SIMULATD) for a FITS header of the host's: one card an element.
  function cards(self, ierr) result(card)
    class(clq_model), intent(in) :: self
    integer, intent(out), optional :: ierr
    character(80), allocatable :: card(:)
    character(:), allocatable :: text
    integer :: i
    call text_of(c_model_cards, self%handle, 'clq_model%cards', text, ierr)
    card = [character(80) :: (text(80*i - 79:80*i), i=1, len(text)/80)]
  end function cards

  integer(c_int64_t) function n_parameters(self, ierr) result(n)
    class(clq_model), intent(in) :: self
    integer, intent(out), optional :: ierr
    n = c_model_n_parameters(self%handle)
    call finish(n, 'clq_model%n_parameters', ierr)
  end function n_parameters

  ! As clq_predict_to, of this model alone.
  subroutine predict_to(self, source, uri, options, result, ierr)
    class(clq_model), intent(in) :: self
    class(clq_source), intent(in) :: source
    character(*), intent(in) :: uri
    character(*), intent(in), optional :: options
    type(clq_result), intent(inout), optional :: result
    integer, intent(out), optional :: ierr
    call clq_predict_to([self%clq_model_arrays], source, uri, options, result, ierr)
  end subroutine predict_to

  ! As clq_evaluate, of this model alone.
  subroutine evaluate(self, source, result, uri, options, ierr)
    class(clq_model), intent(in) :: self
    class(clq_source), intent(in) :: source
    type(clq_result), intent(inout) :: result
    character(*), intent(in), optional :: uri, options
    integer, intent(out), optional :: ierr
    call clq_evaluate([self%clq_model_arrays], source, result, uri, options, ierr)
  end subroutine evaluate

  subroutine close (self)
    class(clq_model), intent(inout) :: self
    call c_model_close(self%handle)
    self%handle = 0
  end subroutine close

  ! A whole source into a file, streaming, by the mean of the models. options (JSON): device, threads, readers, batch, keep, id,
  ! average, layers, combine.
  subroutine clq_predict_to(models, source, uri, options, result, ierr)
    class(clq_model_arrays), intent(in) :: models(:)
    class(clq_source), intent(in) :: source
    character(*), intent(in) :: uri
    character(*), intent(in), optional :: options
    type(clq_result), intent(inout), optional :: result
    integer, intent(out), optional :: ierr
    character(*), parameter :: where = 'clq_predict_to'
    character(kind=c_char, len=:), allocatable :: json
    integer(c_int64_t) :: handles(size(models))
    integer(c_int32_t) :: answer
    handles = models%handle
    if (present(options)) json = c_text(options)
    if (present(result)) then
      if (.not. is_free(result%handle, where, ierr)) return
      answer = c_predict_to(handles, size(handles, kind=c_int32_t), source%handle, c_text(uri), json, result%handle)
    else
      answer = c_predict_to(handles, size(handles, kind=c_int32_t), source%handle, c_text(uri), json)
    end if
    call finish(int(answer, c_int64_t), where, ierr)
  end subroutine clq_predict_to

  ! Scores the mean of the models against the source's target; `uri` also gets the table of predictions. options (JSON): those
  ! above, and the rows: part ("train", "valid" or "test" of the first model's own split) or where.
  subroutine clq_evaluate(models, source, result, uri, options, ierr)
    class(clq_model_arrays), intent(in) :: models(:)
    class(clq_source), intent(in) :: source
    type(clq_result), intent(inout) :: result
    character(*), intent(in), optional :: uri, options
    integer, intent(out), optional :: ierr
    character(*), parameter :: where = 'clq_evaluate'
    character(kind=c_char, len=:), allocatable :: json, path
    integer(c_int64_t) :: handles(size(models))
    integer(c_int32_t) :: answer
    if (.not. is_free(result%handle, where, ierr)) return
    handles = models%handle
    if (present(options)) json = c_text(options)
    if (present(uri)) path = c_text(uri)
    answer = c_evaluate(handles, size(handles, kind=c_int32_t), source%handle, path, json, result%handle)
    call finish(int(answer, c_int64_t), where, ierr)
  end subroutine clq_evaluate

end module calanque_model
