! tests/hosts/lent/lent.f90 -- as lent.c, by the module calanque; packed: slices, which the compiler copies.
! SPDX-License-Identifier: BSD-3-Clause
program lent
  use, intrinsic :: iso_c_binding, only: c_intptr_t, c_loc, c_ptr
  use, intrinsic :: iso_fortran_env, only: int64, real32, real64
  use calanque
  implicit none
  integer, parameter :: rows = 8
  character(1), parameter :: nl = new_line('a')
  type(clq_config) :: config
  type(clq_source) :: source
  type(clq_model) :: model
  type(clq_batch) :: batch
  real(real32), target :: x(2, 2*rows), guess(2*rows)
  real(real64) :: y(rows)
  real(real32) :: found(2, 1)
  character(6) :: how
  integer :: i, step
  call get_command_argument(1, how)
  step = merge(2, 1, how == 'packed')
  x(1, :) = [(real(i, real32), i=0, 2*rows - 1)]
  x(2, :) = mod(x(1, :)**2, 7.)
  y = x(1, :rows) - x(2, :rows)
  call config%parse('task = "regression"'//nl//'[data]'//nl//'scalars = ["x"]'//nl//'target = "y"'//nl// &
    '[split]'//nl//'valid = 0.25'//nl//'[[model.layer]]'//nl//'use = "dense"'//nl)
  call source%create(rows)
  if (step == 1) call source%borrow('x', x(:, :rows))
  if (step == 2) call source%add('x', x(:, ::2))   ! a slice that is lent does not compile
  call say('clq_source_add x data', c_loc(x))
  call source%add('y', y)
  x(1, step + 1) = 0.25
  call source%read([1_int64], 'x', found)
  print '(a, 2f8.4)', 'changed', 0.25, found(1, 1)
  call model%create(config, source)
  call model%fit(source, config)
  if (step == 1) call model%predict(x(:, :rows), guess(:rows))
  if (step == 2) call model%predict(x(:, ::2), guess(::2))
  call say('clq_predict - input', c_loc(x))
  call say('clq_predict - output', c_loc(guess))
  call batch%create(model, rows)
  if (step == 1) call batch%set('scalars', x(:, :rows))
  if (step == 2) call batch%set('scalars', x(:, ::2))
  call say('clq_batch_set scalars data', c_loc(x))
  call batch%predict(model)
  if (step == 1) call batch%get('prediction', guess(:rows))
  if (step == 2) call batch%get('prediction', guess(::2))
  call say('clq_batch_get prediction data', c_loc(guess))

contains

  subroutine say(call, place)
    character(*), intent(in) :: call
    type(c_ptr), intent(in) :: place
    print '(a, 1x, i0)', call, transfer(place, 1_c_intptr_t)
  end subroutine say

end program lent
