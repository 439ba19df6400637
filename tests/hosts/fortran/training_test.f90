! tests/hosts/fortran/training_test.f90 -- a training, its model, and a loop of the program's own.
! SPDX-License-Identifier: BSD-3-Clause
program training_test
  use, intrinsic :: ieee_arithmetic, only: ieee_is_nan, ieee_quiet_nan, ieee_value
  use, intrinsic :: iso_fortran_env, only: int32, int64, real32, real64
  use calanque
  use checks
  implicit none
  type(clq_config) :: config
  type(clq_source) :: source
  type(clq_model) :: model
  type(clq_trainer) :: trainer
  real(real32), target :: a(rows), b(rows)
  real(real64), target :: y(rows)
  real(real32) :: x(2, rows), guess(rows)
  character(255) :: folder
  call get_command_argument(1, folder)
  call fill(a, b, y)
  x(1, :) = a
  x(2, :) = b
  call learn
  call predictions
  call status_of_samples
  call bundle
  call scores
  call weights
  call own_loop
  call own_gradients
  call stopped_and_resumed
  call looked_at
  call ended(58)

contains

  subroutine open_trainer(more)
    character(*), intent(in), optional :: more
    call config%parse(run_file(more))
    call source%create(rows)
    call source%borrow('a', a)
    call source%borrow('b', b)
    call source%borrow('y', y)
    call model%create(config, source)
    call trainer%create(model, source, config)
  end subroutine open_trainer

  subroutine close_all
    call trainer%close
    call model%close
    call source%close
    call config%close
  end subroutine close_all

  subroutine learn
    logical :: finished
    integer :: lines, turns
    character(:), allocatable :: row
    call open_trainer
    finished = .false.
    lines = 0
    turns = 0
    do while (.not. finished)
      call trainer%run(0.01_real64, finished)
      turns = turns + 1
      row = trainer%metrics()
      do while (row /= '')
        lines = lines + 1
        call expect(index(row, '"valid_rmse"') > 0, row)
        row = trainer%metrics()
      end do
    end do
    call expect(lines == 4, 'a row of metrics an epoch')
    call expect(nint(trainer%get('epoch')) == 4 .and. nint(trainer%get('epochs')) == 4, 'epochs')
    call expect(nint(trainer%get('step')) == nint(trainer%get('steps')), 'steps')
  end subroutine learn

  subroutine predictions
    real(real64) :: wide(rows), one(1, rows)
    real(real32) :: matrix(1, rows)
    integer :: ierr
    call model%predict(x, guess)
    call expect(sqrt(sum((guess - y)**2)/rows) < 1, 'it learned')
    call model%predict(real(x, real64), wide)
    call expect(all(real(wide, real32) == guess), 'real64 in and out is converted')
    call model%predict(x, matrix)
    call expect(all(matrix(1, :) == guess), 'one value a sample, as a matrix')
    call model%predict(real(x, real64), one)
    call expect(all(one(1, :) == wide), 'the same in real64')
    call model%predict(x(:, ::2), guess(:rows/2))
    call expect(all(guess(:rows/2) == real(wide(::2), real32)), 'slices')
    wide = 7
    call model%predict(real(x(:1, :), real64), wide, ierr)
    call expect(ierr == CLQ_E_INVALID .and. index(clq_error_text(), 'has 2 elements a sample, got 1') > 0, clq_error_text())
    call expect(all(wide == 7), 'an error leaves the array alone')
    call model%predict(x(:, :9), guess(:8), ierr)
    call expect(ierr == CLQ_E_INVALID .and. clq_error_text() == &
      "the last dimension must count the samples: 'x' (2, 9) has 9, 'y' (8) has 8", clq_error_text())
    call model%predict(transpose(x(:, :64)), guess(:64), ierr)
    call expect(ierr == CLQ_E_INVALID .and. clq_error_text() == &
      "the last dimension must count the samples: 'x' (64, 2) has 2, 'y' (64) has 64", clq_error_text())
    call model%predict(transpose(x(:, :64)), guess(:2), ierr)
    call expect(index(clq_error_text(), 'input') > 0 .and. index(clq_error_text(), 'got 64') > 0, clq_error_text())
    call model%predict(x, guess)
  end subroutine predictions

  subroutine status_of_samples
    type(clq_batch) :: batch
    integer(int32) :: status(3), flags(3)
    real(real32) :: rows_in(2, 3), out(3), pair(2)
    integer :: ierr
    pair = 7
    rows_in = x(:, :3)
    rows_in(2, 2) = ieee_value(1._real32, ieee_quiet_nan)
    call batch%create(model, 3)
    call batch%set('scalars', rows_in)
    call batch%predict(model)
    call batch%status(status)
    call expect(status(1) == 0 .and. status(2) == 2 .and. status(3) == 0, 'bit 2 of the sample with a NaN')
    call batch%get('FLAG_BAD', flags)
    call expect(all(flags == status), 'FLAG_BAD')
    call batch%get('ZPHOT', pair, ierr)
    call expect(ierr == CLQ_E_NOT_FOUND .and. index(clq_error_text(), "no output 'ZPHOT'") > 0, clq_error_text())
    call batch%get('prediction', pair, ierr)
    call expect(ierr == CLQ_E_INVALID .and. index(clq_error_text(), 'count the 3 samples, got (2)') > 0, clq_error_text())
    call expect(all(pair == 7), 'an error leaves the array alone')
    call batch%get('prediction', out)
    call expect(out(1) == guess(1) .and. out(3) == guess(3), 'its neighbours have their answers')
    call model%predict(rows_in, out)
    call expect(ieee_is_nan(out(2)) .and. .not. ieee_is_nan(out(1)), 'NaN is no answer')
    call batch%close
  end subroutine status_of_samples

  subroutine bundle
    type(clq_model) :: again
    character(80), allocatable :: cards(:)
    real(real32) :: found(rows)
    call model%save(trim(folder)//'/bundle.safetensors')
    call again%load(trim(folder)//'/bundle.safetensors   ', '{"threads": 1}')
    call again%predict(x, found)
    call expect(all(found == guess), 'a bundle gives the same bits')
    call expect(again%id() == model%id() .and. len(model%id()) == 12, model%id())
    call expect(again%n_parameters() == 2*8 + 8 + 8 + 1, 'parameters')
    call expect(index(model%describe(), '"dense1.weights"') > 0, model%describe())
    cards = model%cards()
    call expect(size(cards) == 3 .and. cards(1)(:9) == 'CLQVER  =' .and. cards(2)(:9) == 'CLQMODEL=', cards(1))
    call expect(cards(2)(12:23) == model%id(), cards(2))
    call again%close
  end subroutine bundle

  subroutine scores
    type(clq_result) :: result
    call model%evaluate(source, result)
    call expect(index(result%text(), '"rows":640') > 0, result%text())
    call result%close
    call clq_evaluate([model, model], source, result, options='{"batch": 100}')
    call expect(index(result%text(), '"rmse"') > 0, result%text())
    call result%close
    call model%predict_to(source, trim(folder)//'/predictions.csv', result=result)
    call expect(index(result%text(), '"rows":640') > 0, result%text())
    call result%close
  end subroutine scores

  subroutine weights
    real(real64) :: first(2, 8), zeros(8)
    real(real32) :: same(2, 8), found(rows)
    integer :: ierr
    call model%get('dense1.weights', first)
    call model%get('dense1.weights', same)
    call expect(all(real(first, real32) == same) .and. any(same /= 0), 'weights, converted')
    zeros = 0
    call model%set('dense2.weights', zeros, ierr)
    call expect(ierr == CLQ_E_INVALID, 'a model that a trainer holds')
    call trainer%close
    call model%set('dense2.weights', zeros)
    call model%predict(x, found)
    call expect(all(found == found(1)), 'the bias alone is left')
    call model%get('dense2.weigths', zeros, ierr)
    call expect(ierr < 0 .and. index(clq_error_text(), 'dense2.weights') > 0, clq_error_text())
    call close_all
  end subroutine weights

  ! Arrays that are filled anew before each step.
  subroutine own_loop
    type(clq_source) :: batch
    real(real32), target :: ba(32), bb(32)
    real(real64), target :: by(32)
    integer(int64) :: samples(32)
    integer :: i, step
    logical :: finished
    call open_trainer
    call batch%create(32)
    call batch%borrow('a', ba)
    call batch%borrow('b', bb)
    call batch%borrow('y', by)
    samples = [(int(i, int64), i=0, 31)]
    finished = .false.
    step = 0
    do while (.not. finished)
      ba = [(sin(0.37_real32*(32*step + i)), i=0, 31)]
      bb = [(cos(0.73_real32*(32*step + i)), i=0, 31)]
      by = real(ba, real64) - 2*real(bb, real64)
      call trainer%batch(batch, samples, finished)
      step = step + 1
    end do
    call expect(nint(trainer%get('steps')) == step .and. step > 4*10, 'steps of the loop')
    call expect(trainer%get('loss') < 1, 'it learned')
    call batch%close
    call close_all
  end subroutine own_loop

  subroutine own_gradients
    real(real64) :: bias(8), before(8), after(8), zeros(8)
    real(real32) :: wanted(8)
    type(clq_model) :: same
    integer :: ierr
    call open_trainer('split_step = true')
    call trainer%get_gradient('dense1.bias', bias, ierr)
    call expect(ierr == CLQ_E_INVALID, 'no gradients yet')
    call trainer%gradients(source, [0_int64, 5_int64, 9_int64])
    call trainer%get_gradient('dense1.bias', bias)
    call expect(any(bias /= 0), 'gradients')
    call model%get('dense1.bias', before)
    zeros = 0
    call trainer%set_gradient('dense1.bias', zeros)
    call trainer%apply
    call model%get('dense1.bias', after)
    call expect(all(after == before), 'a gradient of zero moves nothing')
    wanted = [1, 2, 3, 4, 5, 6, 7, 8]
    call trainer%set('dense1.bias', wanted)
    call trainer%model(same)
    call same%get('dense1.bias', after)
    call expect(all(after == wanted), 'a weight that was moved, by the trainer''s own handle of its model')
    call same%close
    call close_all
  end subroutine own_gradients

  ! A run that was stopped and goes on gives the bits of one that was not.
  subroutine stopped_and_resumed
    real(real32) :: whole(rows), resumed(rows)
    type(clq_model) :: same
    character(:), allocatable :: run
    logical :: finished
    integer :: ierr
    run = trim(folder)//'/run'
    call open_trainer
    call trainer%train
    call model%predict(x, whole)
    call trainer%close
    call model%close
    call model%create(config, source)
    call trainer%create(model, source, config, run)
    call trainer%steps(21, finished)
    call expect(.not. finished .and. nint(trainer%get('step')) == 21, 'so many steps')
    call trainer%stop
    call trainer%run(60._real64, finished)
    call expect(finished .and. nint(trainer%get('stopped')) == 1, 'stopped')
    call expect(nint(trainer%get('step')) < nint(trainer%get('steps')), 'before the end')
    call trainer%checkpoint(trim(folder)//'/kept.safetensors')
    call trainer%close
    call trainer%create(model, source, config, run, ierr)
    call expect(ierr < 0 .and. trainer%handle == 0, 'a folder that holds a run')
    call trainer%resume(run, source)
    call trainer%train
    call trainer%model(same)
    call same%predict(x, resumed)
    call expect(all(resumed == whole), 'the same bits')
    call trainer%close
    call trainer%resume(run, source, epochs=5)
    call trainer%train
    call expect(nint(trainer%get('epoch')) == 5, 'an epoch more')
    call same%close
    call close_all
  end subroutine stopped_and_resumed

  subroutine looked_at
    type(clq_source) :: table
    type(clq_result) :: result
    integer :: others, ierr
    real(real32) :: row(1)
    call source%create(rows)
    call source%add('a', a)
    call source%add('number', [(int(7*(others/2), int64), others=0, rows - 1)])
    call expect(source%find('number', '14', others) == 4 .and. others == 1, 'a row by its number, and one more')
    call expect(source%find('', '639') == 639, 'a row by its place')
    call expect(source%find('number', '15', ierr=ierr) == -1 .and. ierr == CLQ_E_NOT_FOUND, 'a number that no row has')
    call source%scan(result)
    call expect(index(result%text(), '"a"') > 0, result%text())
    call expect(source%scanned() == rows, 'rows of the scan')
    call result%close
    call source%look(3_int64, result)
    call expect(index(result%text(), '"number"') > 0, result%text())
    call result%close
    call source%write(trim(folder)//'/written.csv', '{"first": 5, "n": 2}')
    call table%open(trim(folder)//'/written.csv')
    call expect(table%count() == 2, 'rows of the new table')
    call expect(index(table%locate(1_int64), 'written.csv') > 0, table%locate(1_int64))
    call table%read([0_int64], 'a', row, ierr)
    if (ierr /= 0) row = single(table)
    call expect(row(1) == a(6), 'its first value')
    call table%close
    call source%close
  end subroutine looked_at

  ! CSV has no kinds: its numbers are real64.
  function single(table) result(value)
    type(clq_source), intent(in) :: table
    real(real32) :: value
    real(real64) :: wide(1)
    call table%read([0_int64], 'a', wide)
    value = real(wide(1), real32)
  end function single

end program training_test
