! capi/bindings/fortran/calanque_c.f90 -- calanque.h in Fortran: its constants, and clq_<name> as c_<name>.
! SPDX-License-Identifier: BSD-3-Clause
! Made by capi/bindings/generate_fortran.py from calanque.h and types.h: change those.
!
! Every argument that is a pointer in C is OPTIONAL: one that is absent is NULL. Texts end with c_null_char.
! What C writes is INTENT(INOUT), for an error leaves it alone. Dimensions are C's: the last one is the fastest.
module calanque_c
  use, intrinsic :: iso_c_binding, only: c_char, c_double, c_float, c_int32_t, c_int64_t, c_ptr
  implicit none
  public

  character(*), parameter :: CLQ_VERSION_TEXT = '0.1.0'
  integer(c_int32_t), parameter :: CLQ_PENDING = 2
  integer(c_int32_t), parameter :: CLQ_END = 1
  integer(c_int32_t), parameter :: CLQ_OK = 0
  integer(c_int32_t), parameter :: CLQ_E_INVALID = -1
  integer(c_int32_t), parameter :: CLQ_E_UNSUPPORTED = -2
  integer(c_int32_t), parameter :: CLQ_E_NOMEM = -3
  integer(c_int32_t), parameter :: CLQ_E_IO = -4
  integer(c_int32_t), parameter :: CLQ_E_DEVICE = -5
  integer(c_int32_t), parameter :: CLQ_E_ABI = -6
  integer(c_int32_t), parameter :: CLQ_E_CANCELLED = -7
  integer(c_int32_t), parameter :: CLQ_E_INTERNAL = -8
  integer(c_int32_t), parameter :: CLQ_E_DATA = -9
  integer(c_int32_t), parameter :: CLQ_E_NOSPACE = -10
  integer(c_int32_t), parameter :: CLQ_E_FORKED = -11
  integer(c_int32_t), parameter :: CLQ_E_LOST = -12
  integer(c_int32_t), parameter :: CLQ_E_PEER = -13
  integer(c_int32_t), parameter :: CLQ_E_DIVERGED = -14
  integer(c_int32_t), parameter :: CLQ_E_NOT_FOUND = -15
  integer(c_int32_t), parameter :: CLQ_F16 = 1
  integer(c_int32_t), parameter :: CLQ_BF16 = 2
  integer(c_int32_t), parameter :: CLQ_F32 = 3
  integer(c_int32_t), parameter :: CLQ_F64 = 4
  integer(c_int32_t), parameter :: CLQ_I8 = 5
  integer(c_int32_t), parameter :: CLQ_U8 = 6
  integer(c_int32_t), parameter :: CLQ_I16 = 7
  integer(c_int32_t), parameter :: CLQ_U16 = 8
  integer(c_int32_t), parameter :: CLQ_I32 = 9
  integer(c_int32_t), parameter :: CLQ_U32 = 10
  integer(c_int32_t), parameter :: CLQ_I64 = 11
  integer(c_int32_t), parameter :: CLQ_U64 = 12

  interface
    ! library [any-thread]
    function c_version() &
      bind(c, name='clq_version') result(answer)
      import
      type(c_ptr) :: answer
    end function c_version
    function c_error_text(text, capacity) &
      bind(c, name='clq_error_text') result(answer)
      import
      character(kind=c_char), intent(inout), optional :: text(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_error_text
    function c_error_code() &
      bind(c, name='clq_error_code') result(answer)
      import
      integer(c_int32_t) :: answer
    end function c_error_code
    function c_log_level(level) &
      bind(c, name='clq_log_level') result(answer)
      import
      integer(c_int32_t), value :: level
      integer(c_int32_t) :: answer
    end function c_log_level
    function c_log_next(line, capacity) &
      bind(c, name='clq_log_next') result(answer)
      import
      character(kind=c_char), intent(inout), optional :: line(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_log_next
    ! plugins and devices [any-thread]
    function c_plugins_load(path) &
      bind(c, name='clq_plugins_load') result(answer)
      import
      character(kind=c_char), intent(in), optional :: path(*)
      integer(c_int32_t) :: answer
    end function c_plugins_load
    function c_plugins_report(json, capacity) &
      bind(c, name='clq_plugins_report') result(answer)
      import
      character(kind=c_char), intent(inout), optional :: json(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_plugins_report
    function c_plugins_files(path, json, capacity) &
      bind(c, name='clq_plugins_files') result(answer)
      import
      character(kind=c_char), intent(in), optional :: path(*)
      character(kind=c_char), intent(inout), optional :: json(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_plugins_files
    function c_plugin_probe(path, json, capacity) &
      bind(c, name='clq_plugin_probe') result(answer)
      import
      character(kind=c_char), intent(in), optional :: path(*)
      character(kind=c_char), intent(inout), optional :: json(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_plugin_probe
    function c_devices_report(json, capacity) &
      bind(c, name='clq_devices_report') result(answer)
      import
      character(kind=c_char), intent(inout), optional :: json(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_devices_report
    ! configuration: the run file [any-thread]
    function c_config_load(toml_path, config) &
      bind(c, name='clq_config_load') result(answer)
      import
      character(kind=c_char), intent(in), optional :: toml_path(*)
      integer(c_int64_t), intent(inout), optional :: config
      integer(c_int32_t) :: answer
    end function c_config_load
    function c_config_parse(toml_text, config) &
      bind(c, name='clq_config_parse') result(answer)
      import
      character(kind=c_char), intent(in), optional :: toml_text(*)
      integer(c_int64_t), intent(inout), optional :: config
      integer(c_int32_t) :: answer
    end function c_config_parse
    function c_config_set(config, key, value) &
      bind(c, name='clq_config_set') result(answer)
      import
      integer(c_int64_t), value :: config
      character(kind=c_char), intent(in), optional :: key(*)
      character(kind=c_char), intent(in), optional :: value(*)
      integer(c_int32_t) :: answer
    end function c_config_set
    function c_config_get(config, key, value, capacity) &
      bind(c, name='clq_config_get') result(answer)
      import
      integer(c_int64_t), value :: config
      character(kind=c_char), intent(in), optional :: key(*)
      character(kind=c_char), intent(inout), optional :: value(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_config_get
    function c_config_dump(config, with_origin, toml, capacity) &
      bind(c, name='clq_config_dump') result(answer)
      import
      integer(c_int64_t), value :: config
      integer(c_int32_t), value :: with_origin
      character(kind=c_char), intent(inout), optional :: toml(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_config_dump
    subroutine c_config_close(config) &
      bind(c, name='clq_config_close')
      import
      integer(c_int64_t), value :: config
    end subroutine c_config_close
    ! sources of samples [any-thread]
    function c_source_open(uri, options_json, source) &
      bind(c, name='clq_source_open') result(answer)
      import
      character(kind=c_char), intent(in), optional :: uri(*)
      character(kind=c_char), intent(in), optional :: options_json(*)
      integer(c_int64_t), intent(inout), optional :: source
      integer(c_int32_t) :: answer
    end function c_source_open
    function c_source_from_config(config, source) &
      bind(c, name='clq_source_from_config') result(answer)
      import
      integer(c_int64_t), value :: config
      integer(c_int64_t), intent(inout), optional :: source
      integer(c_int32_t) :: answer
    end function c_source_from_config
    function c_source_for_model(model, uri, source) &
      bind(c, name='clq_source_for_model') result(answer)
      import
      integer(c_int64_t), value :: model
      character(kind=c_char), intent(in), optional :: uri(*)
      integer(c_int64_t), intent(inout), optional :: source
      integer(c_int32_t) :: answer
    end function c_source_for_model
    function c_source_for_model_with(model, uri, data_json, source) &
      bind(c, name='clq_source_for_model_with') result(answer)
      import
      integer(c_int64_t), value :: model
      character(kind=c_char), intent(in), optional :: uri(*)
      character(kind=c_char), intent(in), optional :: data_json(*)
      integer(c_int64_t), intent(inout), optional :: source
      integer(c_int32_t) :: answer
    end function c_source_for_model_with
    function c_source_create(n_samples, source) &
      bind(c, name='clq_source_create') result(answer)
      import
      integer(c_int64_t), value :: n_samples
      integer(c_int64_t), intent(inout), optional :: source
      integer(c_int32_t) :: answer
    end function c_source_create
    function c_source_add(source, field, data, dtype, rank, dims, borrow) &
      bind(c, name='clq_source_add') result(answer)
      import
      integer(c_int64_t), value :: source
      character(kind=c_char), intent(in), optional :: field(*)
      type(c_ptr), value :: data
      integer(c_int32_t), value :: dtype
      integer(c_int32_t), value :: rank
      integer(c_int64_t), intent(in), optional :: dims(*)
      integer(c_int32_t), value :: borrow
      integer(c_int32_t) :: answer
    end function c_source_add
    function c_source_count(source, n_samples) &
      bind(c, name='clq_source_count') result(answer)
      import
      integer(c_int64_t), value :: source
      integer(c_int64_t), intent(inout), optional :: n_samples
      integer(c_int32_t) :: answer
    end function c_source_count
    function c_source_describe(source, json, capacity) &
      bind(c, name='clq_source_describe') result(answer)
      import
      integer(c_int64_t), value :: source
      character(kind=c_char), intent(inout), optional :: json(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_source_describe
    function c_source_locate(source, sample, text, capacity) &
      bind(c, name='clq_source_locate') result(answer)
      import
      integer(c_int64_t), value :: source
      integer(c_int64_t), value :: sample
      character(kind=c_char), intent(inout), optional :: text(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_source_locate
    function c_source_dtype(source, field, dtype) &
      bind(c, name='clq_source_dtype') result(answer)
      import
      integer(c_int64_t), value :: source
      character(kind=c_char), intent(in), optional :: field(*)
      integer(c_int32_t), intent(inout), optional :: dtype
      integer(c_int32_t) :: answer
    end function c_source_dtype
    function c_source_read(source, samples, n, field, data, bytes) &
      bind(c, name='clq_source_read') result(answer)
      import
      integer(c_int64_t), value :: source
      integer(c_int64_t), intent(in), optional :: samples(*)
      integer(c_int64_t), value :: n
      character(kind=c_char), intent(in), optional :: field(*)
      type(c_ptr), value :: data
      integer(c_int64_t), value :: bytes
      integer(c_int32_t) :: answer
    end function c_source_read
    function c_source_write(source, uri, options_json) &
      bind(c, name='clq_source_write') result(answer)
      import
      integer(c_int64_t), value :: source
      character(kind=c_char), intent(in), optional :: uri(*)
      character(kind=c_char), intent(in), optional :: options_json(*)
      integer(c_int32_t) :: answer
    end function c_source_write
    function c_source_find(source, id_column, id, sample) &
      bind(c, name='clq_source_find') result(answer)
      import
      integer(c_int64_t), value :: source
      character(kind=c_char), intent(in), optional :: id_column(*)
      character(kind=c_char), intent(in), optional :: id(*)
      integer(c_int64_t), intent(inout), optional :: sample
      integer(c_int32_t) :: answer
    end function c_source_find
    function c_source_scan(source, options_json, result) &
      bind(c, name='clq_source_scan') result(answer)
      import
      integer(c_int64_t), value :: source
      character(kind=c_char), intent(in), optional :: options_json(*)
      integer(c_int64_t), intent(inout), optional :: result
      integer(c_int32_t) :: answer
    end function c_source_scan
    function c_source_scanned(source, rows) &
      bind(c, name='clq_source_scanned') result(answer)
      import
      integer(c_int64_t), value :: source
      integer(c_int64_t), intent(inout), optional :: rows
      integer(c_int32_t) :: answer
    end function c_source_scanned
    function c_source_look(source, model, sample, prefix, result) &
      bind(c, name='clq_source_look') result(answer)
      import
      integer(c_int64_t), value :: source
      integer(c_int64_t), value :: model
      integer(c_int64_t), value :: sample
      character(kind=c_char), intent(in), optional :: prefix(*)
      integer(c_int64_t), intent(inout), optional :: result
      integer(c_int32_t) :: answer
    end function c_source_look
    function c_order_at(seed, epoch, n, position, sample) &
      bind(c, name='clq_order_at') result(answer)
      import
      integer(c_int64_t), value :: seed
      integer(c_int64_t), value :: epoch
      integer(c_int64_t), value :: n
      integer(c_int64_t), value :: position
      integer(c_int64_t), intent(inout), optional :: sample
      integer(c_int32_t) :: answer
    end function c_order_at
    subroutine c_source_close(source) &
      bind(c, name='clq_source_close')
      import
      integer(c_int64_t), value :: source
    end subroutine c_source_close
    ! models [any-thread: concurrent predicts are fine]
    function c_model_create(config, source, model) &
      bind(c, name='clq_model_create') result(answer)
      import
      integer(c_int64_t), value :: config
      integer(c_int64_t), value :: source
      integer(c_int64_t), intent(inout), optional :: model
      integer(c_int32_t) :: answer
    end function c_model_create
    function c_model_load(path, options_json, model) &
      bind(c, name='clq_model_load') result(answer)
      import
      character(kind=c_char), intent(in), optional :: path(*)
      character(kind=c_char), intent(in), optional :: options_json(*)
      integer(c_int64_t), intent(inout), optional :: model
      integer(c_int32_t) :: answer
    end function c_model_load
    function c_model_fit(model, source, config) &
      bind(c, name='clq_model_fit') result(answer)
      import
      integer(c_int64_t), value :: model
      integer(c_int64_t), value :: source
      integer(c_int64_t), value :: config
      integer(c_int32_t) :: answer
    end function c_model_fit
    function c_model_save(model, path) &
      bind(c, name='clq_model_save') result(answer)
      import
      integer(c_int64_t), value :: model
      character(kind=c_char), intent(in), optional :: path(*)
      integer(c_int32_t) :: answer
    end function c_model_save
    function c_model_check(model, result) &
      bind(c, name='clq_model_check') result(answer)
      import
      integer(c_int64_t), value :: model
      integer(c_int64_t), intent(inout), optional :: result
      integer(c_int32_t) :: answer
    end function c_model_check
    function c_model_describe(model, json, capacity) &
      bind(c, name='clq_model_describe') result(answer)
      import
      integer(c_int64_t), value :: model
      character(kind=c_char), intent(inout), optional :: json(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_model_describe
    function c_model_id(model, text, capacity) &
      bind(c, name='clq_model_id') result(answer)
      import
      integer(c_int64_t), value :: model
      character(kind=c_char), intent(inout), optional :: text(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_model_id
    function c_model_cards(model, text, capacity) &
      bind(c, name='clq_model_cards') result(answer)
      import
      integer(c_int64_t), value :: model
      character(kind=c_char), intent(inout), optional :: text(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_model_cards
    function c_model_n_parameters(model) &
      bind(c, name='clq_model_n_parameters') result(answer)
      import
      integer(c_int64_t), value :: model
      integer(c_int64_t) :: answer
    end function c_model_n_parameters
    function c_model_get(model, state, data, dtype, bytes) &
      bind(c, name='clq_model_get') result(answer)
      import
      integer(c_int64_t), value :: model
      character(kind=c_char), intent(in), optional :: state(*)
      type(c_ptr), value :: data
      integer(c_int32_t), value :: dtype
      integer(c_int64_t), value :: bytes
      integer(c_int32_t) :: answer
    end function c_model_get
    function c_model_set(model, state, data, dtype, bytes) &
      bind(c, name='clq_model_set') result(answer)
      import
      integer(c_int64_t), value :: model
      character(kind=c_char), intent(in), optional :: state(*)
      type(c_ptr), value :: data
      integer(c_int32_t), value :: dtype
      integer(c_int64_t), value :: bytes
      integer(c_int32_t) :: answer
    end function c_model_set
    subroutine c_model_close(model) &
      bind(c, name='clq_model_close')
      import
      integer(c_int64_t), value :: model
    end subroutine c_model_close
    ! batches: named tensors in and out [one thread per batch]
    function c_batch_create(model, n, batch) &
      bind(c, name='clq_batch_create') result(answer)
      import
      integer(c_int64_t), value :: model
      integer(c_int64_t), value :: n
      integer(c_int64_t), intent(inout), optional :: batch
      integer(c_int32_t) :: answer
    end function c_batch_create
    function c_batch_set(batch, name, data, dtype, rank, dims) &
      bind(c, name='clq_batch_set') result(answer)
      import
      integer(c_int64_t), value :: batch
      character(kind=c_char), intent(in), optional :: name(*)
      type(c_ptr), value :: data
      integer(c_int32_t), value :: dtype
      integer(c_int32_t), value :: rank
      integer(c_int64_t), intent(in), optional :: dims(*)
      integer(c_int32_t) :: answer
    end function c_batch_set
    function c_batch_describe(batch, text, capacity) &
      bind(c, name='clq_batch_describe') result(answer)
      import
      integer(c_int64_t), value :: batch
      character(kind=c_char), intent(inout), optional :: text(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_batch_describe
    function c_predict_batch(model, batch) &
      bind(c, name='clq_predict_batch') result(answer)
      import
      integer(c_int64_t), value :: model
      integer(c_int64_t), value :: batch
      integer(c_int32_t) :: answer
    end function c_predict_batch
    function c_batch_get(batch, name, data, dtype, bytes) &
      bind(c, name='clq_batch_get') result(answer)
      import
      integer(c_int64_t), value :: batch
      character(kind=c_char), intent(in), optional :: name(*)
      type(c_ptr), value :: data
      integer(c_int32_t), value :: dtype
      integer(c_int64_t), value :: bytes
      integer(c_int32_t) :: answer
    end function c_batch_get
    function c_batch_status(batch, per_sample, n) &
      bind(c, name='clq_batch_status') result(answer)
      import
      integer(c_int64_t), value :: batch
      integer(c_int32_t), intent(inout), optional :: per_sample(*)
      integer(c_int64_t), value :: n
      integer(c_int32_t) :: answer
    end function c_batch_status
    subroutine c_batch_close(batch) &
      bind(c, name='clq_batch_close')
      import
      integer(c_int64_t), value :: batch
    end subroutine c_batch_close
    function c_predict(model, input, n, input_size, output, output_size) &
      bind(c, name='clq_predict') result(answer)
      import
      integer(c_int64_t), value :: model
      real(c_float), intent(in), optional :: input(*)
      integer(c_int64_t), value :: n
      integer(c_int64_t), value :: input_size
      real(c_float), intent(inout), optional :: output(*)
      integer(c_int64_t), value :: output_size
      integer(c_int32_t) :: answer
    end function c_predict
    function c_predict_to(models, n_models, source, uri, options_json, result) &
      bind(c, name='clq_predict_to') result(answer)
      import
      integer(c_int64_t), intent(in), optional :: models(*)
      integer(c_int32_t), value :: n_models
      integer(c_int64_t), value :: source
      character(kind=c_char), intent(in), optional :: uri(*)
      character(kind=c_char), intent(in), optional :: options_json(*)
      integer(c_int64_t), intent(inout), optional :: result
      integer(c_int32_t) :: answer
    end function c_predict_to
    function c_evaluate(models, n_models, source, uri, options_json, result) &
      bind(c, name='clq_evaluate') result(answer)
      import
      integer(c_int64_t), intent(in), optional :: models(*)
      integer(c_int32_t), value :: n_models
      integer(c_int64_t), value :: source
      character(kind=c_char), intent(in), optional :: uri(*)
      character(kind=c_char), intent(in), optional :: options_json(*)
      integer(c_int64_t), intent(inout), optional :: result
      integer(c_int32_t) :: answer
    end function c_evaluate
    function c_result_text(result, json, capacity) &
      bind(c, name='clq_result_text') result(answer)
      import
      integer(c_int64_t), value :: result
      character(kind=c_char), intent(inout), optional :: json(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_result_text
    subroutine c_result_close(result) &
      bind(c, name='clq_result_close')
      import
      integer(c_int64_t), value :: result
    end subroutine c_result_close
    ! training [one thread per trainer; clq_trainer_stop from any thread or signal handler]
    function c_trainer_create(model, source, config, run_folder, trainer) &
      bind(c, name='clq_trainer_create') result(answer)
      import
      integer(c_int64_t), value :: model
      integer(c_int64_t), value :: source
      integer(c_int64_t), value :: config
      character(kind=c_char), intent(in), optional :: run_folder(*)
      integer(c_int64_t), intent(inout), optional :: trainer
      integer(c_int32_t) :: answer
    end function c_trainer_create
    function c_trainer_resume(run_folder, source, trainer) &
      bind(c, name='clq_trainer_resume') result(answer)
      import
      character(kind=c_char), intent(in), optional :: run_folder(*)
      integer(c_int64_t), value :: source
      integer(c_int64_t), intent(inout), optional :: trainer
      integer(c_int32_t) :: answer
    end function c_trainer_resume
    function c_trainer_resume_to(run_folder, source, epochs, trainer) &
      bind(c, name='clq_trainer_resume_to') result(answer)
      import
      character(kind=c_char), intent(in), optional :: run_folder(*)
      integer(c_int64_t), value :: source
      integer(c_int64_t), value :: epochs
      integer(c_int64_t), intent(inout), optional :: trainer
      integer(c_int32_t) :: answer
    end function c_trainer_resume_to
    function c_trainer_run(trainer, seconds) &
      bind(c, name='clq_trainer_run') result(answer)
      import
      integer(c_int64_t), value :: trainer
      real(c_double), value :: seconds
      integer(c_int32_t) :: answer
    end function c_trainer_run
    function c_trainer_steps(trainer, n) &
      bind(c, name='clq_trainer_steps') result(answer)
      import
      integer(c_int64_t), value :: trainer
      integer(c_int64_t), value :: n
      integer(c_int32_t) :: answer
    end function c_trainer_steps
    function c_trainer_batch(trainer, source, samples, n) &
      bind(c, name='clq_trainer_batch') result(answer)
      import
      integer(c_int64_t), value :: trainer
      integer(c_int64_t), value :: source
      integer(c_int64_t), intent(in), optional :: samples(*)
      integer(c_int64_t), value :: n
      integer(c_int32_t) :: answer
    end function c_trainer_batch
    function c_trainer_gradients(trainer, source, samples, n) &
      bind(c, name='clq_trainer_gradients') result(answer)
      import
      integer(c_int64_t), value :: trainer
      integer(c_int64_t), value :: source
      integer(c_int64_t), intent(in), optional :: samples(*)
      integer(c_int64_t), value :: n
      integer(c_int32_t) :: answer
    end function c_trainer_gradients
    function c_gradient_get(trainer, parameter, data, dtype, bytes) &
      bind(c, name='clq_gradient_get') result(answer)
      import
      integer(c_int64_t), value :: trainer
      character(kind=c_char), intent(in), optional :: parameter(*)
      type(c_ptr), value :: data
      integer(c_int32_t), value :: dtype
      integer(c_int64_t), value :: bytes
      integer(c_int32_t) :: answer
    end function c_gradient_get
    function c_gradient_set(trainer, parameter, data, dtype, bytes) &
      bind(c, name='clq_gradient_set') result(answer)
      import
      integer(c_int64_t), value :: trainer
      character(kind=c_char), intent(in), optional :: parameter(*)
      type(c_ptr), value :: data
      integer(c_int32_t), value :: dtype
      integer(c_int64_t), value :: bytes
      integer(c_int32_t) :: answer
    end function c_gradient_set
    function c_trainer_apply(trainer) &
      bind(c, name='clq_trainer_apply') result(answer)
      import
      integer(c_int64_t), value :: trainer
      integer(c_int32_t) :: answer
    end function c_trainer_apply
    function c_trainer_set(trainer, state, data, dtype, bytes) &
      bind(c, name='clq_trainer_set') result(answer)
      import
      integer(c_int64_t), value :: trainer
      character(kind=c_char), intent(in), optional :: state(*)
      type(c_ptr), value :: data
      integer(c_int32_t), value :: dtype
      integer(c_int64_t), value :: bytes
      integer(c_int32_t) :: answer
    end function c_trainer_set
    function c_trainer_model(trainer, model) &
      bind(c, name='clq_trainer_model') result(answer)
      import
      integer(c_int64_t), value :: trainer
      integer(c_int64_t), intent(inout), optional :: model
      integer(c_int32_t) :: answer
    end function c_trainer_model
    function c_trainer_get(trainer, key, value) &
      bind(c, name='clq_trainer_get') result(answer)
      import
      integer(c_int64_t), value :: trainer
      character(kind=c_char), intent(in), optional :: key(*)
      real(c_double), intent(inout), optional :: value
      integer(c_int32_t) :: answer
    end function c_trainer_get
    function c_trainer_metrics(trainer, json, capacity) &
      bind(c, name='clq_trainer_metrics') result(answer)
      import
      integer(c_int64_t), value :: trainer
      character(kind=c_char), intent(inout), optional :: json(*)
      integer(c_int64_t), value :: capacity
      integer(c_int64_t) :: answer
    end function c_trainer_metrics
    function c_trainer_checkpoint(trainer, path) &
      bind(c, name='clq_trainer_checkpoint') result(answer)
      import
      integer(c_int64_t), value :: trainer
      character(kind=c_char), intent(in), optional :: path(*)
      integer(c_int32_t) :: answer
    end function c_trainer_checkpoint
    subroutine c_trainer_stop(trainer) &
      bind(c, name='clq_trainer_stop')
      import
      integer(c_int64_t), value :: trainer
    end subroutine c_trainer_stop
    subroutine c_trainer_close(trainer) &
      bind(c, name='clq_trainer_close')
      import
      integer(c_int64_t), value :: trainer
    end subroutine c_trainer_close
  end interface
end module calanque_c
