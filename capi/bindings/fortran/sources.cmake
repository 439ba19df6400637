# Files of the Fortran library, in the order in which they can be compiled one after the other.
set(calanque_fortran_sources
  calanque_c.f90 calanque_base.f90 calanque_calls.f90 calanque_arrays.f90 calanque_library.f90 calanque_config.f90
  calanque_result.f90 calanque_source.f90 calanque_model.f90 calanque_batch.f90 calanque_trainer.f90 calanque.f90
  calanque_f77_calls.f90 calanque_f77.f90)
