! capi/bindings/fortran/calanque.f90 -- the module to use: train and run networks from Fortran 2008.
! SPDX-License-Identifier: BSD-3-Clause
module calanque
  use calanque_base, only: clq_error_code, clq_error_text
  use calanque_batch, only: clq_batch
  use calanque_c, only: CLQ_OK, CLQ_E_INVALID, CLQ_E_UNSUPPORTED, CLQ_E_NOMEM, CLQ_E_IO, CLQ_E_DEVICE, CLQ_E_ABI, &
    CLQ_E_CANCELLED, CLQ_E_INTERNAL, CLQ_E_DATA, CLQ_E_NOSPACE, CLQ_E_FORKED, CLQ_E_LOST, CLQ_E_PEER, CLQ_E_DIVERGED, &
    CLQ_E_NOT_FOUND, CLQ_VERSION_TEXT
  use calanque_config, only: clq_config
  use calanque_library
  use calanque_model, only: clq_evaluate, clq_model, clq_predict_to
  use calanque_result, only: clq_result
  use calanque_source, only: clq_source
  use calanque_trainer, only: clq_trainer
  implicit none
  public
end module calanque
