# Files of the Fortran library, in the order in which they can be compiled one after the other.
set(calanque_fortran_sources
  calanque_c.f90 calanque_base.f90 calanque_calls.f90 calanque_arrays.f90 calanque_library.f90 calanque_config.f90
  calanque_result.f90 calanque_source.f90 calanque_model.f90 calanque_batch.f90 calanque_trainer.f90 calanque.f90
  calanque_f77_calls.f90 calanque_f77.f90)

# The words of an error are each thread's own by a directive of OpenMP; gfortran makes plain thread-local storage of it, and
# nothing is linked for it.
set(calanque_fortran_threaded calanque_base.f90)
set(calanque_fortran_thread_options $<$<Fortran_COMPILER_ID:GNU>:-fopenmp>)
