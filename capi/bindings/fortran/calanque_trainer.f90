! capi/bindings/fortran/calanque_trainer.f90 -- training, in turns or whole; set, get_gradient and set_gradient are inherited.
! SPDX-License-Identifier: BSD-3-Clause
module calanque_trainer
  use, intrinsic :: iso_c_binding, only: c_char, c_double, c_int32_t, c_int64_t
  use calanque_arrays, only: clq_trainer_arrays
  use calanque_base, only: c_text, finish, is_free, text_of
  use calanque_c
  use calanque_config, only: clq_config
  use calanque_model, only: clq_model
  use calanque_source, only: clq_source
  implicit none
  private
  public :: clq_trainer

  ! One thread a trainer; stop may be called from any. Where `finished` is returned, .true. says that the training is at its end.
  type, extends(clq_trainer_arrays) :: clq_trainer
  contains
    procedure :: create, resume, train, run => run_for, steps, batch, gradients, apply, model, get
    procedure :: metrics, checkpoint, stop => stop_training, close
  end type clq_trainer

contains

  ! run_folder absent: nothing is written. The model follows the training.
  subroutine create(self, model, source, config, run_folder, ierr)
    class(clq_trainer), intent(inout) :: self
    class(clq_model), intent(in) :: model
    class(clq_source), intent(in) :: source
    type(clq_config), intent(in) :: config
    character(*), intent(in), optional :: run_folder
    integer, intent(out), optional :: ierr
    character(kind=c_char, len=:), allocatable :: folder
    if (.not. is_free(self%handle, 'clq_trainer%create', ierr)) return
    if (present(run_folder)) folder = c_text(run_folder)
    call finish(int(c_trainer_create(model%handle, source%handle, config%handle, folder, self%handle), c_int64_t), &
      'clq_trainer%create', ierr)
  end subroutine create

  ! A run that ended early, to the same bits; source absent: the run's own; epochs: that many in all.
  subroutine resume(self, run_folder, source, epochs, ierr)
    class(clq_trainer), intent(inout) :: self
    character(*), intent(in) :: run_folder
    class(clq_source), intent(in), optional :: source
    integer, intent(in), optional :: epochs
    integer, intent(out), optional :: ierr
    integer(c_int64_t) :: of_source, in_all
    if (.not. is_free(self%handle, 'clq_trainer%resume', ierr)) return
    of_source = 0
    in_all = 0
    if (present(source)) of_source = source%handle
    if (present(epochs)) in_all = epochs
    call finish(int(c_trainer_resume_to(c_text(run_folder), of_source, in_all, self%handle), c_int64_t), &
      'clq_trainer%resume', ierr)
  end subroutine resume

  ! To the end, in turns of a second. unit: gets a line a turn. The rows of metrics stay to be read.
  subroutine train(self, unit, ierr)
    class(clq_trainer), intent(in) :: self
    integer, intent(in), optional :: unit
    integer, intent(out), optional :: ierr
    logical :: finished
    finished = .false.
    do while (.not. finished)
      call self%run(1.0_c_double, finished, ierr)
      if (present(ierr)) then
        if (ierr /= 0) return
      end if
      if (present(unit)) write (unit, '(3(a, i0), a, f8.4)') 'epoch ', nint(self%get('epoch')), '/', nint(self%get('epochs')), &
        '  step ', nint(self%get('step')), '  loss ', self%get('loss')
    end do
  end subroutine train

  ! For these seconds.
  subroutine run_for(self, seconds, finished, ierr)
    class(clq_trainer), intent(in) :: self
    real(c_double), intent(in) :: seconds
    logical, intent(out), optional :: finished
    integer, intent(out), optional :: ierr
    call after(c_trainer_run(self%handle, seconds), 'clq_trainer%run', finished, ierr)
  end subroutine run_for

  subroutine steps(self, n, finished, ierr)
    class(clq_trainer), intent(in) :: self
    integer, intent(in) :: n
    logical, intent(out), optional :: finished
    integer, intent(out), optional :: ierr
    call after(c_trainer_steps(self%handle, int(n, c_int64_t)), 'clq_trainer%steps', finished, ierr)
  end subroutine steps

  ! One step on these samples of a source with the model's columns, from 1 to train.batch of them. Borrowed arrays may be filled
  ! anew before each call.
  subroutine batch(self, source, samples, finished, ierr)
    class(clq_trainer), intent(in) :: self
    class(clq_source), intent(in) :: source
    integer(c_int64_t), intent(in), contiguous :: samples(:)
    logical, intent(out), optional :: finished
    integer, intent(out), optional :: ierr
    call after(c_trainer_batch(self%handle, source%handle, samples, size(samples, kind=c_int64_t)), 'clq_trainer%batch', &
      finished, ierr)
  end subroutine batch

  ! The first half of a step, with train.split_step: then get_gradient, set_gradient and apply.
  subroutine gradients(self, source, samples, ierr)
    class(clq_trainer), intent(in) :: self
    class(clq_source), intent(in) :: source
    integer(c_int64_t), intent(in), contiguous :: samples(:)
    integer, intent(out), optional :: ierr
    call after(c_trainer_gradients(self%handle, source%handle, samples, size(samples, kind=c_int64_t)), &
      'clq_trainer%gradients', ierr=ierr)
  end subroutine gradients

  subroutine apply(self, finished, ierr)
    class(clq_trainer), intent(in) :: self
    logical, intent(out), optional :: finished
    integer, intent(out), optional :: ierr
    call after(c_trainer_apply(self%handle), 'clq_trainer%apply', finished, ierr)
  end subroutine apply

  ! Its model, one more handle to close.
  subroutine model(self, of_trainer, ierr)
    class(clq_trainer), intent(in) :: self
    class(clq_model), intent(inout) :: of_trainer
    integer, intent(out), optional :: ierr
    if (.not. is_free(of_trainer%handle, 'clq_trainer%model', ierr)) return
    call finish(int(c_trainer_model(self%handle, of_trainer%handle), c_int64_t), 'clq_trainer%model', ierr)
  end subroutine model

  ! "epoch" "epochs" "step" "steps" "loss" "learning_rate" "samples_per_second" "eta" "memory_bytes" "rows_skipped"
  ! "skipped_steps" "best_epoch" "stopped"
  function get(self, key, ierr) result(value)
    class(clq_trainer), intent(in) :: self
    character(*), intent(in) :: key
    integer, intent(out), optional :: ierr
    real(c_double) :: value
    value = 0
    call finish(int(c_trainer_get(self%handle, c_text(key), value), c_int64_t), 'clq_trainer%get', ierr)
  end function get

  ! JSON: the next row not yet read; '' where there is none.
  function metrics(self, ierr) result(json)
    class(clq_trainer), intent(in) :: self
    integer, intent(out), optional :: ierr
    character(:), allocatable :: json
    call text_of(c_trainer_metrics, self%handle, 'clq_trainer%metrics', json, ierr)
  end function metrics

  ! path absent: the run folder's.
  subroutine checkpoint(self, path, ierr)
    class(clq_trainer), intent(in) :: self
    character(*), intent(in), optional :: path
    integer, intent(out), optional :: ierr
    character(kind=c_char, len=:), allocatable :: file
    if (present(path)) file = c_text(path)
    call finish(int(c_trainer_checkpoint(self%handle, file), c_int64_t), 'clq_trainer%checkpoint', ierr)
  end subroutine checkpoint

  ! Finish the step, write a checkpoint, return.
  subroutine stop_training(self)
    class(clq_trainer), intent(in) :: self
    call c_trainer_stop(self%handle)
  end subroutine stop_training

  subroutine close (self)
    class(clq_trainer), intent(inout) :: self
    call c_trainer_close(self%handle)
    self%handle = 0
  end subroutine close

  subroutine after(answer, where, finished, ierr)
    integer(c_int32_t), intent(in) :: answer
    character(*), intent(in) :: where
    logical, intent(out), optional :: finished
    integer, intent(out), optional :: ierr
    if (present(finished)) finished = answer == CLQ_END
    call finish(int(answer, c_int64_t), where, ierr)
  end subroutine after

end module calanque_trainer
