# calanque/_capi.py -- the functions and constants of calanque.h 0.1.0, for ctypes.
# SPDX-License-Identifier: BSD-3-Clause
# Made by capi/bindings/generate_python.py: change that, or the header.
"""PROTOTYPES: name -> (result, arguments). Arrays are addresses: an int, or None."""
from __future__ import annotations

from ctypes import POINTER, c_char_p, c_double, c_int32, c_int64, c_uint64, c_void_p
from typing import Any

VERSION = "0.1.0"

CLQ_PENDING = 2
CLQ_END = 1
CLQ_OK = 0
CLQ_E_INVALID = -1
CLQ_E_UNSUPPORTED = -2
CLQ_E_NOMEM = -3
CLQ_E_IO = -4
CLQ_E_DEVICE = -5
CLQ_E_ABI = -6
CLQ_E_CANCELLED = -7
CLQ_E_INTERNAL = -8
CLQ_E_DATA = -9
CLQ_E_NOSPACE = -10
CLQ_E_FORKED = -11
CLQ_E_LOST = -12
CLQ_E_PEER = -13
CLQ_E_DIVERGED = -14
CLQ_E_NOT_FOUND = -15
CLQ_F16 = 1
CLQ_BF16 = 2
CLQ_F32 = 3
CLQ_F64 = 4
CLQ_I8 = 5
CLQ_U8 = 6
CLQ_I16 = 7
CLQ_U16 = 8
CLQ_I32 = 9
CLQ_U32 = 10
CLQ_I64 = 11
CLQ_U64 = 12

PROTOTYPES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    # library [any-thread]
    "clq_version": (c_char_p, ()),
    "clq_error_text": (c_int64, (c_char_p, c_int64)),
    "clq_error_code": (c_int32, ()),
    "clq_log_level": (c_int32, (c_int32,)),
    "clq_log_next": (c_int64, (c_char_p, c_int64)),
    # plugins and devices [any-thread]
    "clq_plugins_load": (c_int32, (c_char_p,)),
    "clq_plugins_report": (c_int64, (c_char_p, c_int64)),
    "clq_plugins_files": (c_int64, (c_char_p, c_char_p, c_int64)),
    "clq_plugin_probe": (c_int64, (c_char_p, c_char_p, c_int64)),
    "clq_devices_report": (c_int64, (c_char_p, c_int64)),
    # configuration: the run file [any-thread]
    "clq_config_load": (c_int32, (c_char_p, POINTER(c_int64))),
    "clq_config_parse": (c_int32, (c_char_p, POINTER(c_int64))),
    "clq_config_set": (c_int32, (c_int64, c_char_p, c_char_p)),
    "clq_config_get": (c_int64, (c_int64, c_char_p, c_char_p, c_int64)),
    "clq_config_dump": (c_int64, (c_int64, c_int32, c_char_p, c_int64)),
    "clq_config_close": (None, (c_int64,)),
    # sources of samples [any-thread]
    "clq_source_open": (c_int32, (c_char_p, c_char_p, POINTER(c_int64))),
    "clq_source_from_config": (c_int32, (c_int64, POINTER(c_int64))),
    "clq_source_for_model": (c_int32, (c_int64, c_char_p, POINTER(c_int64))),
    "clq_source_for_model_with": (c_int32, (c_int64, c_char_p, c_char_p, POINTER(c_int64))),
    "clq_source_create": (c_int32, (c_int64, POINTER(c_int64))),
    "clq_source_add": (c_int32, (c_int64, c_char_p, c_void_p, c_int32, c_int32, c_void_p, c_int32)),
    "clq_source_count": (c_int32, (c_int64, POINTER(c_int64))),
    "clq_source_describe": (c_int64, (c_int64, c_char_p, c_int64)),
    "clq_source_locate": (c_int64, (c_int64, c_int64, c_char_p, c_int64)),
    "clq_source_dtype": (c_int32, (c_int64, c_char_p, POINTER(c_int32))),
    "clq_source_read": (c_int32, (c_int64, c_void_p, c_int64, c_char_p, c_void_p, c_int64)),
    "clq_source_write": (c_int32, (c_int64, c_char_p, c_char_p)),
    "clq_source_find": (c_int32, (c_int64, c_char_p, c_char_p, POINTER(c_int64))),
    "clq_source_scan": (c_int32, (c_int64, c_char_p, POINTER(c_int64))),
    "clq_source_scanned": (c_int32, (c_int64, POINTER(c_int64))),
    "clq_source_look": (c_int32, (c_int64, c_int64, c_int64, c_char_p, POINTER(c_int64))),
    "clq_order_at": (c_int32, (c_uint64, c_int64, c_int64, c_int64, POINTER(c_int64))),
    "clq_source_close": (None, (c_int64,)),
    # models [any-thread: concurrent predicts are fine]
    "clq_model_create": (c_int32, (c_int64, c_int64, POINTER(c_int64))),
    "clq_model_load": (c_int32, (c_char_p, c_char_p, POINTER(c_int64))),
    "clq_model_fit": (c_int32, (c_int64, c_int64, c_int64)),
    "clq_model_save": (c_int32, (c_int64, c_char_p)),
    "clq_model_check": (c_int32, (c_int64, POINTER(c_int64))),
    "clq_model_describe": (c_int64, (c_int64, c_char_p, c_int64)),
    "clq_model_id": (c_int64, (c_int64, c_char_p, c_int64)),
    "clq_model_cards": (c_int64, (c_int64, c_char_p, c_int64)),
    "clq_model_n_parameters": (c_int64, (c_int64,)),
    "clq_model_get": (c_int32, (c_int64, c_char_p, c_void_p, c_int32, c_int64)),
    "clq_model_set": (c_int32, (c_int64, c_char_p, c_void_p, c_int32, c_int64)),
    "clq_model_close": (None, (c_int64,)),
    # batches: named tensors in and out [one thread per batch]
    "clq_batch_create": (c_int32, (c_int64, c_int64, POINTER(c_int64))),
    "clq_batch_set": (c_int32, (c_int64, c_char_p, c_void_p, c_int32, c_int32, c_void_p)),
    "clq_batch_describe": (c_int64, (c_int64, c_char_p, c_int64)),
    "clq_predict_batch": (c_int32, (c_int64, c_int64)),
    "clq_batch_get": (c_int32, (c_int64, c_char_p, c_void_p, c_int32, c_int64)),
    "clq_batch_status": (c_int32, (c_int64, c_void_p, c_int64)),
    "clq_batch_close": (None, (c_int64,)),
    "clq_predict": (c_int32, (c_int64, c_void_p, c_int64, c_int64, c_void_p, c_int64)),
    "clq_predict_to": (c_int32, (c_void_p, c_int32, c_int64, c_char_p, c_char_p, POINTER(c_int64))),
    "clq_evaluate": (c_int32, (c_void_p, c_int32, c_int64, c_char_p, c_char_p, POINTER(c_int64))),
    "clq_result_text": (c_int64, (c_int64, c_char_p, c_int64)),
    "clq_result_close": (None, (c_int64,)),
    # training [one thread per trainer; clq_trainer_stop from any thread or signal handler]
    "clq_trainer_create": (c_int32, (c_int64, c_int64, c_int64, c_char_p, POINTER(c_int64))),
    "clq_trainer_resume": (c_int32, (c_char_p, c_int64, POINTER(c_int64))),
    "clq_trainer_resume_to": (c_int32, (c_char_p, c_int64, c_int64, POINTER(c_int64))),
    "clq_trainer_run": (c_int32, (c_int64, c_double)),
    "clq_trainer_steps": (c_int32, (c_int64, c_int64)),
    "clq_trainer_batch": (c_int32, (c_int64, c_int64, c_void_p, c_int64)),
    "clq_trainer_gradients": (c_int32, (c_int64, c_int64, c_void_p, c_int64)),
    "clq_gradient_get": (c_int32, (c_int64, c_char_p, c_void_p, c_int32, c_int64)),
    "clq_gradient_set": (c_int32, (c_int64, c_char_p, c_void_p, c_int32, c_int64)),
    "clq_trainer_apply": (c_int32, (c_int64,)),
    "clq_trainer_set": (c_int32, (c_int64, c_char_p, c_void_p, c_int32, c_int64)),
    "clq_trainer_model": (c_int32, (c_int64, POINTER(c_int64))),
    "clq_trainer_get": (c_int32, (c_int64, c_char_p, POINTER(c_double))),
    "clq_trainer_metrics": (c_int64, (c_int64, c_char_p, c_int64)),
    "clq_trainer_checkpoint": (c_int32, (c_int64, c_char_p)),
    "clq_trainer_stop": (None, (c_int64,)),
    "clq_trainer_close": (None, (c_int64,)),
}
