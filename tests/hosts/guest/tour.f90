! tests/hosts/guest/tour.f90 -- the tour of tour.c by the module calanque. Fortran 2008.
! SPDX-License-Identifier: BSD-3-Clause
program tour
  use, intrinsic :: iso_fortran_env, only: int32, int64, real32, real64
  use calanque
  implicit none
  interface
    integer(int32) function looks_look(number) bind(c)
      import
      integer(int32), value :: number
    end function looks_look
  end interface
  integer, parameter :: rows = 64
  character(1), parameter :: nl = new_line('a')
  type(clq_config) :: config
  type(clq_source) :: source
  type(clq_model) :: model
  type(clq_trainer) :: trainer
  real(real32), target :: x(2, rows), guess(rows)
  real(real64), target :: y(rows)
  integer :: i
  do i = 1, rows
    x(:, i) = [real(mod(i*37, 101) - 50, real32), real(mod(i*53, 89) - 44, real32)]/64
    y(i) = x(1, i) - 2*x(2, i)
  end do
  if (looks_look(0) /= 0) error stop 'tour: no look can be written'
  call turn
  call close_all
  call look(1)
  do i = 1, 3
    if (i > 1) call close_all
    call turn
  end do
  call look(2)
  call close_all
  call look(3)

contains

  subroutine look(number)
    integer, intent(in) :: number
    if (looks_look(int(number, int32)) /= 0) error stop 'tour: no look can be written'
  end subroutine look

  subroutine refused(ierr)
    integer, intent(in) :: ierr
    if (ierr >= 0 .or. clq_error_text() == '') error stop 'tour: a wrong call was taken'
  end subroutine refused

  subroutine turn
    call configuration
    call samples
    call training
    call prediction
  end subroutine turn

  subroutine configuration
    type(clq_config) :: other
    character(:), allocatable :: text
    integer :: ierr
    call config%parse('task = "regression"'//nl//'[data]'//nl//'scalars = ["x"]'//nl//'target = "y"'//nl// &
      '[split]'//nl//'valid = 0.25'//nl//'[[model.layer]]'//nl//'use = "dense"'//nl//'units = 8'//nl// &
      'activation = "tanh"'//nl//'[[model.layer]]'//nl//'use = "dense"'//nl//'[compute]'//nl//'threads = 2'//nl// &
      '[train]'//nl//'epochs = 2'//nl//'batch = 16'//nl)
    call config%set('train.seed', '3')
    text = config%get('train.epochs')
    text = config%dump()
    call config%set('train.epoch', '3', ierr)
    call refused(ierr)
    call other%load('nowhere.toml', ierr)
    call refused(ierr)
  end subroutine configuration

  subroutine samples
    type(clq_source) :: table
    type(clq_result) :: found
    character(:), allocatable :: text
    real(real64) :: pair(2)
    integer :: ierr
    call source%create(rows)
    call source%borrow('x', x)
    call source%add('y', y)
    if (source%count() /= rows) error stop 'tour: rows are missing'
    text = source%describe()
    call source%read([5_int64, 7_int64], 'y', pair)
    call source%read([5_int64, 7_int64], 'z', pair, ierr)
    call refused(ierr)
    call source%write('table.csv', '{"fields": ["y"]}')
    call table%open('table.csv')
    call table%scan(found)
    text = found%text()
    call found%close
    call table%close
    call table%open('nowhere.fits', ierr=ierr)
    call refused(ierr)
  end subroutine samples

  subroutine training
    character(:), allocatable :: row
    real(real64) :: number
    logical :: finished
    integer :: ierr
    call model%create(config, source)
    call trainer%create(model, source, config)
    finished = .false.
    do while (.not. finished)
      call trainer%run(0.05_real64, finished)
      number = trainer%get('epoch')
    end do
    number = trainer%get('lost', ierr)
    call refused(ierr)
    row = trainer%metrics()
    do while (row /= '')
      row = trainer%metrics()
    end do
  end subroutine training

  subroutine prediction
    type(clq_model) :: again
    type(clq_batch) :: batch
    character(:), allocatable :: text
    integer(int32) :: per_sample(rows)
    real(real32) :: wrong(3, rows)
    integer :: ierr
    call model%save('model.safetensors')
    call again%load('model.safetensors', '{"threads": 2}')
    text = again%describe()
    text = again%id()
    call again%predict(x, guess)
    wrong = 0
    call again%predict(wrong, guess, ierr)
    call refused(ierr)
    call batch%create(again, rows)
    call batch%set('scalars', x)
    call batch%predict(again)
    call batch%get('prediction', guess)
    call batch%status(per_sample)
    call batch%close
    call again%close
    call again%load('nowhere.safetensors', ierr=ierr)
    call refused(ierr)
  end subroutine prediction

  subroutine close_all
    call trainer%close
    call model%close
    call source%close
    call config%close
  end subroutine close_all

end program tour
