! projects/deepdip/hosts/deepdip.f90 -- learn photometric redshifts from a table, score them, predict another table. Fortran 2008.
! SPDX-License-Identifier: BSD-3-Clause
! From the root of the repository: deepdip EPOCHS SEED OUTPUT_FOLDER [THREADS]
program deepdip
  use, intrinsic :: iso_fortran_env, only: error_unit
  use calanque
  implicit none
  character(*), parameter :: here = 'projects/deepdip/'
  type(clq_config) :: config
  type(clq_source) :: table, other
  type(clq_model) :: model
  type(clq_trainer) :: trainer
  type(clq_result) :: scores
  character(:), allocatable :: folder, options
  if (command_argument_count() < 3) error stop 'usage: deepdip EPOCHS SEED OUTPUT_FOLDER [THREADS]'
  folder = argument(3)
  options = '{"threads": '//argument(4)//'}'
  call config%load(here//'runs/boss_dr10.toml')
  call config%set('train.epochs', argument(1))
  call config%set('train.seed', argument(2))
  call config%set('compute.threads', argument(4))
  call table%from_config(config)
  call model%create(config, table)
  call trainer%create(model, table, config)
  call trainer%train(error_unit)
  call model%save(folder//'/model.safetensors')
  call other%for_model(model, here//'data/boss_dr10_test.fits')
  call model%predict_to(other, folder//'/predictions.fits', options)
  call model%evaluate(table, scores, options='{"part": "valid", '//options(2:))
  print '(a)', scores%text()
contains
  function argument(i) result(text)
    integer, intent(in) :: i
    character(:), allocatable :: text
    character(1024) :: buffer
    call get_command_argument(i, buffer)
    text = trim(buffer)
    if (i == 4 .and. text == '') text = '1'
  end function argument
end program deepdip
