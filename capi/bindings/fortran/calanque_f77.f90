! capi/bindings/fortran/calanque_f77.f90 -- subroutines of six letters for programs in the manner of FORTRAN 77.
! SPDX-License-Identifier: BSD-3-Clause
! Made by capi/bindings/generate_fortran.py from calanque.h and types.h: change those.
!
! ier is the last argument, and inherited: a call does nothing where it is not 0 on entry; 0 or a negative CLQ_E_* on return.
! A close always closes, and leaves ier and the words of the error as they were. Handles are INTEGER*8, all other integers
! INTEGER*4, reals REAL*4 or REAL*8. CHARACTER*(*) in: trailing blanks do not count, all blank is none; out: padded with
! blanks, its length in the argument behind it, and one that does not fit is an error. Samples count from 0. naxes(1) is the
! fastest axis; of clqsa. and clqsb. the axes of one sample, of clqbs. those of the batch, the number of samples last.

! clq_log_level
subroutine clqlvl(level, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int32_t), intent(in) :: level
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_log_level(level=level)
  call ended(answer, ier)
end subroutine clqlvl

! clq_log_next
subroutine clqlog(line, nline, ier)
  use calanque_f77_calls
  implicit none
  character(*), intent(inout) :: line
  integer(c_int32_t), intent(inout) :: nline
  integer(c_int32_t), intent(inout) :: ier
  character(len(line) + 1) :: buffer
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_log_next(line=buffer, capacity=len(buffer, c_int64_t))
  call tell('clqlog', answer, buffer, line, nline, ier)
end subroutine clqlog

! clq_plugins_load
subroutine clqpld(path, ier)
  use calanque_f77_calls
  implicit none
  character(*), intent(in) :: path
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: path_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (path /= ' ') path_c = c_text(path)
  answer = c_plugins_load(path=path_c)
  call ended(answer, ier)
end subroutine clqpld

! clq_plugins_report
subroutine clqprp(json, njson, ier)
  use calanque_f77_calls
  implicit none
  character(*), intent(inout) :: json
  integer(c_int32_t), intent(inout) :: njson
  integer(c_int32_t), intent(inout) :: ier
  character(len(json) + 1) :: buffer
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_plugins_report(json=buffer, capacity=len(buffer, c_int64_t))
  call tell('clqprp', answer, buffer, json, njson, ier)
end subroutine clqprp

! clq_plugins_files
subroutine clqpfl(path, json, njson, ier)
  use calanque_f77_calls
  implicit none
  character(*), intent(in) :: path
  character(*), intent(inout) :: json
  integer(c_int32_t), intent(inout) :: njson
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: path_c
  character(len(json) + 1) :: buffer
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (path /= ' ') path_c = c_text(path)
  answer = c_plugins_files(path=path_c, json=buffer, capacity=len(buffer, c_int64_t))
  call tell('clqpfl', answer, buffer, json, njson, ier)
end subroutine clqpfl

! clq_plugin_probe
subroutine clqppb(path, json, njson, ier)
  use calanque_f77_calls
  implicit none
  character(*), intent(in) :: path
  character(*), intent(inout) :: json
  integer(c_int32_t), intent(inout) :: njson
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: path_c
  character(len(json) + 1) :: buffer
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (path /= ' ') path_c = c_text(path)
  answer = c_plugin_probe(path=path_c, json=buffer, capacity=len(buffer, c_int64_t))
  call tell('clqppb', answer, buffer, json, njson, ier)
end subroutine clqppb

! clq_devices_report
subroutine clqdev(json, njson, ier)
  use calanque_f77_calls
  implicit none
  character(*), intent(inout) :: json
  integer(c_int32_t), intent(inout) :: njson
  integer(c_int32_t), intent(inout) :: ier
  character(len(json) + 1) :: buffer
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_devices_report(json=buffer, capacity=len(buffer, c_int64_t))
  call tell('clqdev', answer, buffer, json, njson, ier)
end subroutine clqdev

! clq_config_load
subroutine clqcld(toml_path, config, ier)
  use calanque_f77_calls
  implicit none
  character(*), intent(in) :: toml_path
  integer(c_int64_t), intent(inout) :: config
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: toml_path_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (toml_path /= ' ') toml_path_c = c_text(toml_path)
  answer = c_config_load(toml_path=toml_path_c, config=config)
  call ended(answer, ier)
end subroutine clqcld

! clq_config_parse
subroutine clqcpa(toml_text, config, ier)
  use calanque_f77_calls
  implicit none
  character(*), intent(in) :: toml_text
  integer(c_int64_t), intent(inout) :: config
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: toml_text_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (toml_text /= ' ') toml_text_c = c_text(toml_text)
  answer = c_config_parse(toml_text=toml_text_c, config=config)
  call ended(answer, ier)
end subroutine clqcpa

! clq_config_set
subroutine clqcst(config, key, value, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: config
  character(*), intent(in) :: key
  character(*), intent(in) :: value
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: key_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (key /= ' ') key_c = c_text(key)
  answer = c_config_set(config=config, key=key_c, value=c_text(value))
  call ended(answer, ier)
end subroutine clqcst

! clq_config_get
subroutine clqcgt(config, key, value, nvalue, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: config
  character(*), intent(in) :: key
  character(*), intent(inout) :: value
  integer(c_int32_t), intent(inout) :: nvalue
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: key_c
  character(len(value) + 1) :: buffer
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (key /= ' ') key_c = c_text(key)
  answer = c_config_get(config=config, key=key_c, value=buffer, &
      capacity=len(buffer, c_int64_t))
  call tell('clqcgt', answer, buffer, value, nvalue, ier)
end subroutine clqcgt

! clq_config_dump
subroutine clqcdm(config, with_origin, toml, ntoml, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: config
  integer(c_int32_t), intent(in) :: with_origin
  character(*), intent(inout) :: toml
  integer(c_int32_t), intent(inout) :: ntoml
  integer(c_int32_t), intent(inout) :: ier
  character(len(toml) + 1) :: buffer
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_config_dump(config=config, with_origin=with_origin, toml=buffer, &
      capacity=len(buffer, c_int64_t))
  call tell('clqcdm', answer, buffer, toml, ntoml, ier)
end subroutine clqcdm

! clq_config_close
subroutine clqccl(config, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(inout) :: config
  integer(c_int32_t) :: ier   ! left as it is
  call c_config_close(config=config)
  config = 0
end subroutine clqccl

! clq_source_open
subroutine clqsop(uri, options_json, source, ier)
  use calanque_f77_calls
  implicit none
  character(*), intent(in) :: uri
  character(*), intent(in) :: options_json
  integer(c_int64_t), intent(inout) :: source
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: uri_c
  character(:), allocatable :: options_json_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (uri /= ' ') uri_c = c_text(uri)
  if (options_json /= ' ') options_json_c = c_text(options_json)
  answer = c_source_open(uri=uri_c, options_json=options_json_c, source=source)
  call ended(answer, ier)
end subroutine clqsop

! clq_source_from_config
subroutine clqscf(config, source, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: config
  integer(c_int64_t), intent(inout) :: source
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_source_from_config(config=config, source=source)
  call ended(answer, ier)
end subroutine clqscf

! clq_source_for_model
subroutine clqsmo(model, uri, source, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  character(*), intent(in) :: uri
  integer(c_int64_t), intent(inout) :: source
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: uri_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (uri /= ' ') uri_c = c_text(uri)
  answer = c_source_for_model(model=model, uri=uri_c, source=source)
  call ended(answer, ier)
end subroutine clqsmo

! clq_source_for_model_with
subroutine clqsmw(model, uri, data_json, source, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  character(*), intent(in) :: uri
  character(*), intent(in) :: data_json
  integer(c_int64_t), intent(inout) :: source
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: uri_c
  character(:), allocatable :: data_json_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (uri /= ' ') uri_c = c_text(uri)
  if (data_json /= ' ') data_json_c = c_text(data_json)
  answer = c_source_for_model_with(model=model, uri=uri_c, data_json=data_json_c, &
      source=source)
  call ended(answer, ier)
end subroutine clqsmw

! clq_source_create
subroutine clqscr(n_samples, source, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int32_t), intent(in) :: n_samples
  integer(c_int64_t), intent(inout) :: source
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_source_create(n_samples=int(n_samples, c_int64_t), source=source)
  call ended(answer, ier)
end subroutine clqscr

! clq_source_add
subroutine clqsae(source, field, data, naxis, naxes, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: field
  real(c_float), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: naxis
  integer(c_int32_t), intent(in) :: naxes(*)
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_add(source=source, field=field_c, data=c_loc(data), &
      dtype=CLQ_F32, rank=naxis, dims=int(naxes(naxis:1:-1), c_int64_t), &
      borrow=0_c_int32_t)
  call ended(answer, ier)
end subroutine clqsae

! clq_source_add
subroutine clqsad(source, field, data, naxis, naxes, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: field
  real(c_double), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: naxis
  integer(c_int32_t), intent(in) :: naxes(*)
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_add(source=source, field=field_c, data=c_loc(data), &
      dtype=CLQ_F64, rank=naxis, dims=int(naxes(naxis:1:-1), c_int64_t), &
      borrow=0_c_int32_t)
  call ended(answer, ier)
end subroutine clqsad

! clq_source_add
subroutine clqsai(source, field, data, naxis, naxes, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: field
  integer(c_int16_t), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: naxis
  integer(c_int32_t), intent(in) :: naxes(*)
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_add(source=source, field=field_c, data=c_loc(data), &
      dtype=CLQ_I16, rank=naxis, dims=int(naxes(naxis:1:-1), c_int64_t), &
      borrow=0_c_int32_t)
  call ended(answer, ier)
end subroutine clqsai

! clq_source_add
subroutine clqsaj(source, field, data, naxis, naxes, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: field
  integer(c_int32_t), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: naxis
  integer(c_int32_t), intent(in) :: naxes(*)
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_add(source=source, field=field_c, data=c_loc(data), &
      dtype=CLQ_I32, rank=naxis, dims=int(naxes(naxis:1:-1), c_int64_t), &
      borrow=0_c_int32_t)
  call ended(answer, ier)
end subroutine clqsaj

! clq_source_add
subroutine clqsak(source, field, data, naxis, naxes, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: field
  integer(c_int64_t), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: naxis
  integer(c_int32_t), intent(in) :: naxes(*)
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_add(source=source, field=field_c, data=c_loc(data), &
      dtype=CLQ_I64, rank=naxis, dims=int(naxes(naxis:1:-1), c_int64_t), &
      borrow=0_c_int32_t)
  call ended(answer, ier)
end subroutine clqsak

! clq_source_add
subroutine clqsbe(source, field, data, naxis, naxes, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: field
  real(c_float), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: naxis
  integer(c_int32_t), intent(in) :: naxes(*)
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_add(source=source, field=field_c, data=c_loc(data), &
      dtype=CLQ_F32, rank=naxis, dims=int(naxes(naxis:1:-1), c_int64_t), &
      borrow=1_c_int32_t)
  call ended(answer, ier)
end subroutine clqsbe

! clq_source_add
subroutine clqsbd(source, field, data, naxis, naxes, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: field
  real(c_double), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: naxis
  integer(c_int32_t), intent(in) :: naxes(*)
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_add(source=source, field=field_c, data=c_loc(data), &
      dtype=CLQ_F64, rank=naxis, dims=int(naxes(naxis:1:-1), c_int64_t), &
      borrow=1_c_int32_t)
  call ended(answer, ier)
end subroutine clqsbd

! clq_source_add
subroutine clqsbi(source, field, data, naxis, naxes, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: field
  integer(c_int16_t), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: naxis
  integer(c_int32_t), intent(in) :: naxes(*)
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_add(source=source, field=field_c, data=c_loc(data), &
      dtype=CLQ_I16, rank=naxis, dims=int(naxes(naxis:1:-1), c_int64_t), &
      borrow=1_c_int32_t)
  call ended(answer, ier)
end subroutine clqsbi

! clq_source_add
subroutine clqsbj(source, field, data, naxis, naxes, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: field
  integer(c_int32_t), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: naxis
  integer(c_int32_t), intent(in) :: naxes(*)
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_add(source=source, field=field_c, data=c_loc(data), &
      dtype=CLQ_I32, rank=naxis, dims=int(naxes(naxis:1:-1), c_int64_t), &
      borrow=1_c_int32_t)
  call ended(answer, ier)
end subroutine clqsbj

! clq_source_add
subroutine clqsbk(source, field, data, naxis, naxes, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: field
  integer(c_int64_t), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: naxis
  integer(c_int32_t), intent(in) :: naxes(*)
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_add(source=source, field=field_c, data=c_loc(data), &
      dtype=CLQ_I64, rank=naxis, dims=int(naxes(naxis:1:-1), c_int64_t), &
      borrow=1_c_int32_t)
  call ended(answer, ier)
end subroutine clqsbk

! clq_source_count
subroutine clqsct(source, n_samples, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  integer(c_int32_t), intent(inout) :: n_samples
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: n_samples_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  n_samples_c = n_samples
  answer = c_source_count(source=source, n_samples=n_samples_c)
  call ended(answer, ier)
  if (ier == 0) call count('clqsct', n_samples_c, n_samples, ier)
end subroutine clqsct

! clq_source_describe
subroutine clqsds(source, json, njson, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  character(*), intent(inout) :: json
  integer(c_int32_t), intent(inout) :: njson
  integer(c_int32_t), intent(inout) :: ier
  character(len(json) + 1) :: buffer
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_source_describe(source=source, json=buffer, capacity=len(buffer, c_int64_t))
  call tell('clqsds', answer, buffer, json, njson, ier)
end subroutine clqsds

! clq_source_locate
subroutine clqslc(source, sample, text, ntext, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  integer(c_int32_t), intent(in) :: sample
  character(*), intent(inout) :: text
  integer(c_int32_t), intent(inout) :: ntext
  integer(c_int32_t), intent(inout) :: ier
  character(len(text) + 1) :: buffer
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_source_locate(source=source, sample=int(sample, c_int64_t), text=buffer, &
      capacity=len(buffer, c_int64_t))
  call tell('clqslc', answer, buffer, text, ntext, ier)
end subroutine clqslc

! clq_source_dtype
subroutine clqsdt(source, field, dtype, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: field
  integer(c_int32_t), intent(inout) :: dtype
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_dtype(source=source, field=field_c, dtype=dtype)
  call ended(answer, ier)
end subroutine clqsdt

! clq_source_read
subroutine clqsre(source, samples, n, field, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  integer(c_int32_t), intent(in) :: samples(*)
  integer(c_int32_t), intent(in) :: n
  character(*), intent(in) :: field
  real(c_float), intent(inout), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (.not. is_field_of(source, field, CLQ_F32, ier)) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_read(source=source, samples=int(samples(:n), c_int64_t), n=int(n, c_int64_t), &
      field=field_c, data=c_loc(data), bytes=int(ndata, c_int64_t)*bytes_of(CLQ_F32))
  call ended(answer, ier)
end subroutine clqsre

! clq_source_read
subroutine clqsrd(source, samples, n, field, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  integer(c_int32_t), intent(in) :: samples(*)
  integer(c_int32_t), intent(in) :: n
  character(*), intent(in) :: field
  real(c_double), intent(inout), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (.not. is_field_of(source, field, CLQ_F64, ier)) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_read(source=source, samples=int(samples(:n), c_int64_t), n=int(n, c_int64_t), &
      field=field_c, data=c_loc(data), bytes=int(ndata, c_int64_t)*bytes_of(CLQ_F64))
  call ended(answer, ier)
end subroutine clqsrd

! clq_source_read
subroutine clqsri(source, samples, n, field, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  integer(c_int32_t), intent(in) :: samples(*)
  integer(c_int32_t), intent(in) :: n
  character(*), intent(in) :: field
  integer(c_int16_t), intent(inout), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (.not. is_field_of(source, field, CLQ_I16, ier)) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_read(source=source, samples=int(samples(:n), c_int64_t), n=int(n, c_int64_t), &
      field=field_c, data=c_loc(data), bytes=int(ndata, c_int64_t)*bytes_of(CLQ_I16))
  call ended(answer, ier)
end subroutine clqsri

! clq_source_read
subroutine clqsrj(source, samples, n, field, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  integer(c_int32_t), intent(in) :: samples(*)
  integer(c_int32_t), intent(in) :: n
  character(*), intent(in) :: field
  integer(c_int32_t), intent(inout), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (.not. is_field_of(source, field, CLQ_I32, ier)) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_read(source=source, samples=int(samples(:n), c_int64_t), n=int(n, c_int64_t), &
      field=field_c, data=c_loc(data), bytes=int(ndata, c_int64_t)*bytes_of(CLQ_I32))
  call ended(answer, ier)
end subroutine clqsrj

! clq_source_read
subroutine clqsrk(source, samples, n, field, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  integer(c_int32_t), intent(in) :: samples(*)
  integer(c_int32_t), intent(in) :: n
  character(*), intent(in) :: field
  integer(c_int64_t), intent(inout), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: field_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (.not. is_field_of(source, field, CLQ_I64, ier)) return
  if (field /= ' ') field_c = c_text(field)
  answer = c_source_read(source=source, samples=int(samples(:n), c_int64_t), n=int(n, c_int64_t), &
      field=field_c, data=c_loc(data), bytes=int(ndata, c_int64_t)*bytes_of(CLQ_I64))
  call ended(answer, ier)
end subroutine clqsrk

! clq_source_write
subroutine clqswr(source, uri, options_json, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: uri
  character(*), intent(in) :: options_json
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: uri_c
  character(:), allocatable :: options_json_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (uri /= ' ') uri_c = c_text(uri)
  if (options_json /= ' ') options_json_c = c_text(options_json)
  answer = c_source_write(source=source, uri=uri_c, options_json=options_json_c)
  call ended(answer, ier)
end subroutine clqswr

! clq_source_find
subroutine clqsfi(source, id_column, id, sample, nmore, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: id_column
  character(*), intent(in) :: id
  integer(c_int32_t), intent(inout) :: sample
  integer(c_int32_t), intent(inout) :: nmore
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: sample_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  sample_c = sample
  answer = c_source_find(source=source, id_column=c_text(id_column), id=c_text(id), &
      sample=sample_c)
  call ended(answer, ier)
  if (ier == 0) nmore = int(answer, c_int32_t)
  if (ier == 0) call count('clqsfi', sample_c, sample, ier)
end subroutine clqsfi

! clq_source_scan
subroutine clqssc(source, options_json, result, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: options_json
  integer(c_int64_t), intent(inout) :: result
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: options_json_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (options_json /= ' ') options_json_c = c_text(options_json)
  answer = c_source_scan(source=source, options_json=options_json_c, result=result)
  call ended(answer, ier)
end subroutine clqssc

! clq_source_scanned
subroutine clqssn(source, rows, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  integer(c_int32_t), intent(inout) :: rows
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: rows_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  rows_c = rows
  answer = c_source_scanned(source=source, rows=rows_c)
  call ended(answer, ier)
  if (ier == 0) call count('clqssn', rows_c, rows, ier)
end subroutine clqssn

! clq_source_look
subroutine clqslk(source, model, sample, prefix, result, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: source
  integer(c_int64_t), intent(in) :: model
  integer(c_int32_t), intent(in) :: sample
  character(*), intent(in) :: prefix
  integer(c_int64_t), intent(inout) :: result
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: prefix_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (prefix /= ' ') prefix_c = c_text(prefix)
  answer = c_source_look(source=source, model=model, sample=int(sample, c_int64_t), &
      prefix=prefix_c, result=result)
  call ended(answer, ier)
end subroutine clqslk

! clq_order_at
subroutine clqord(seed, epoch, n, position, sample, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int32_t), intent(in) :: seed
  integer(c_int32_t), intent(in) :: epoch
  integer(c_int32_t), intent(in) :: n
  integer(c_int32_t), intent(in) :: position
  integer(c_int32_t), intent(inout) :: sample
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: sample_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  sample_c = sample
  answer = c_order_at(seed=int(seed, c_int64_t), epoch=int(epoch, c_int64_t), n=int(n, c_int64_t), &
      position=int(position, c_int64_t), sample=sample_c)
  call ended(answer, ier)
  if (ier == 0) call count('clqord', sample_c, sample, ier)
end subroutine clqord

! clq_source_close
subroutine clqscl(source, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(inout) :: source
  integer(c_int32_t) :: ier   ! left as it is
  call c_source_close(source=source)
  source = 0
end subroutine clqscl

! clq_model_create
subroutine clqmcr(config, source, model, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: config
  integer(c_int64_t), intent(in) :: source
  integer(c_int64_t), intent(inout) :: model
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_model_create(config=config, source=source, model=model)
  call ended(answer, ier)
end subroutine clqmcr

! clq_model_load
subroutine clqmld(path, options_json, model, ier)
  use calanque_f77_calls
  implicit none
  character(*), intent(in) :: path
  character(*), intent(in) :: options_json
  integer(c_int64_t), intent(inout) :: model
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: path_c
  character(:), allocatable :: options_json_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (path /= ' ') path_c = c_text(path)
  if (options_json /= ' ') options_json_c = c_text(options_json)
  answer = c_model_load(path=path_c, options_json=options_json_c, model=model)
  call ended(answer, ier)
end subroutine clqmld

! clq_model_load
subroutine clqopn(path, model, ier)
  use calanque_f77_calls
  implicit none
  character(*), intent(in) :: path
  integer(c_int64_t), intent(inout) :: model
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: path_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (path /= ' ') path_c = c_text(path)
  answer = c_model_load(path=path_c, model=model)
  call ended(answer, ier)
end subroutine clqopn

! clq_model_fit
subroutine clqmfi(model, source, config, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  integer(c_int64_t), intent(in) :: source
  integer(c_int64_t), intent(in) :: config
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_model_fit(model=model, source=source, config=config)
  call ended(answer, ier)
end subroutine clqmfi

! clq_model_save
subroutine clqmsv(model, path, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  character(*), intent(in) :: path
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: path_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (path /= ' ') path_c = c_text(path)
  answer = c_model_save(model=model, path=path_c)
  call ended(answer, ier)
end subroutine clqmsv

! clq_model_check
subroutine clqmck(model, result, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  integer(c_int64_t), intent(inout) :: result
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_model_check(model=model, result=result)
  call ended(answer, ier)
end subroutine clqmck

! clq_model_describe
subroutine clqmds(model, json, njson, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  character(*), intent(inout) :: json
  integer(c_int32_t), intent(inout) :: njson
  integer(c_int32_t), intent(inout) :: ier
  character(len(json) + 1) :: buffer
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_model_describe(model=model, json=buffer, capacity=len(buffer, c_int64_t))
  call tell('clqmds', answer, buffer, json, njson, ier)
end subroutine clqmds

! clq_model_id
subroutine clqmid(model, text, ntext, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  character(*), intent(inout) :: text
  integer(c_int32_t), intent(inout) :: ntext
  integer(c_int32_t), intent(inout) :: ier
  character(len(text) + 1) :: buffer
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_model_id(model=model, text=buffer, capacity=len(buffer, c_int64_t))
  call tell('clqmid', answer, buffer, text, ntext, ier)
end subroutine clqmid

! clq_model_cards
subroutine clqmca(model, text, ntext, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  character(*), intent(inout) :: text
  integer(c_int32_t), intent(inout) :: ntext
  integer(c_int32_t), intent(inout) :: ier
  character(len(text) + 1) :: buffer
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_model_cards(model=model, text=buffer, capacity=len(buffer, c_int64_t))
  call tell('clqmca', answer, buffer, text, ntext, ier)
end subroutine clqmca

! clq_model_n_parameters
subroutine clqmnp(model, n, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  integer(c_int32_t), intent(inout) :: n
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_model_n_parameters(model=model)
  call ended(answer, ier)
  if (ier == 0) call count('clqmnp', answer, n, ier)
end subroutine clqmnp

! clq_model_get
subroutine clqmge(model, state, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  character(*), intent(in) :: state
  real(c_float), intent(inout), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: state_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (state /= ' ') state_c = c_text(state)
  answer = c_model_get(model=model, state=state_c, data=c_loc(data), &
      dtype=CLQ_F32, bytes=int(ndata, c_int64_t)*bytes_of(CLQ_F32))
  call ended(answer, ier)
end subroutine clqmge

! clq_model_get
subroutine clqmgd(model, state, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  character(*), intent(in) :: state
  real(c_double), intent(inout), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: state_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (state /= ' ') state_c = c_text(state)
  answer = c_model_get(model=model, state=state_c, data=c_loc(data), &
      dtype=CLQ_F64, bytes=int(ndata, c_int64_t)*bytes_of(CLQ_F64))
  call ended(answer, ier)
end subroutine clqmgd

! clq_model_set
subroutine clqmse(model, state, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  character(*), intent(in) :: state
  real(c_float), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: state_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (state /= ' ') state_c = c_text(state)
  answer = c_model_set(model=model, state=state_c, data=c_loc(data), &
      dtype=CLQ_F32, bytes=int(ndata, c_int64_t)*bytes_of(CLQ_F32))
  call ended(answer, ier)
end subroutine clqmse

! clq_model_set
subroutine clqmsd(model, state, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  character(*), intent(in) :: state
  real(c_double), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: state_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (state /= ' ') state_c = c_text(state)
  answer = c_model_set(model=model, state=state_c, data=c_loc(data), &
      dtype=CLQ_F64, bytes=int(ndata, c_int64_t)*bytes_of(CLQ_F64))
  call ended(answer, ier)
end subroutine clqmsd

! clq_model_close
subroutine clqmcl(model, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(inout) :: model
  integer(c_int32_t) :: ier   ! left as it is
  call c_model_close(model=model)
  model = 0
end subroutine clqmcl

! clq_batch_create
subroutine clqbcr(model, n, batch, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  integer(c_int32_t), intent(in) :: n
  integer(c_int64_t), intent(inout) :: batch
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_batch_create(model=model, n=int(n, c_int64_t), batch=batch)
  call ended(answer, ier)
end subroutine clqbcr

! clq_batch_set
subroutine clqbse(batch, name, data, naxis, naxes, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: batch
  character(*), intent(in) :: name
  real(c_float), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: naxis
  integer(c_int32_t), intent(in) :: naxes(*)
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: name_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (name /= ' ') name_c = c_text(name)
  answer = c_batch_set(batch=batch, name=name_c, data=c_loc(data), &
      dtype=CLQ_F32, rank=naxis, dims=int(naxes(naxis:1:-1), c_int64_t))
  call ended(answer, ier)
end subroutine clqbse

! clq_batch_set
subroutine clqbsd(batch, name, data, naxis, naxes, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: batch
  character(*), intent(in) :: name
  real(c_double), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: naxis
  integer(c_int32_t), intent(in) :: naxes(*)
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: name_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (name /= ' ') name_c = c_text(name)
  answer = c_batch_set(batch=batch, name=name_c, data=c_loc(data), &
      dtype=CLQ_F64, rank=naxis, dims=int(naxes(naxis:1:-1), c_int64_t))
  call ended(answer, ier)
end subroutine clqbsd

! clq_batch_set
subroutine clqbsi(batch, name, data, naxis, naxes, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: batch
  character(*), intent(in) :: name
  integer(c_int16_t), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: naxis
  integer(c_int32_t), intent(in) :: naxes(*)
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: name_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (name /= ' ') name_c = c_text(name)
  answer = c_batch_set(batch=batch, name=name_c, data=c_loc(data), &
      dtype=CLQ_I16, rank=naxis, dims=int(naxes(naxis:1:-1), c_int64_t))
  call ended(answer, ier)
end subroutine clqbsi

! clq_batch_set
subroutine clqbsj(batch, name, data, naxis, naxes, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: batch
  character(*), intent(in) :: name
  integer(c_int32_t), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: naxis
  integer(c_int32_t), intent(in) :: naxes(*)
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: name_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (name /= ' ') name_c = c_text(name)
  answer = c_batch_set(batch=batch, name=name_c, data=c_loc(data), &
      dtype=CLQ_I32, rank=naxis, dims=int(naxes(naxis:1:-1), c_int64_t))
  call ended(answer, ier)
end subroutine clqbsj

! clq_batch_set
subroutine clqbsk(batch, name, data, naxis, naxes, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: batch
  character(*), intent(in) :: name
  integer(c_int64_t), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: naxis
  integer(c_int32_t), intent(in) :: naxes(*)
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: name_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (name /= ' ') name_c = c_text(name)
  answer = c_batch_set(batch=batch, name=name_c, data=c_loc(data), &
      dtype=CLQ_I64, rank=naxis, dims=int(naxes(naxis:1:-1), c_int64_t))
  call ended(answer, ier)
end subroutine clqbsk

! clq_batch_describe
subroutine clqbds(batch, text, ntext, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: batch
  character(*), intent(inout) :: text
  integer(c_int32_t), intent(inout) :: ntext
  integer(c_int32_t), intent(inout) :: ier
  character(len(text) + 1) :: buffer
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_batch_describe(batch=batch, text=buffer, capacity=len(buffer, c_int64_t))
  call tell('clqbds', answer, buffer, text, ntext, ier)
end subroutine clqbds

! clq_predict_batch
subroutine clqbpr(model, batch, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  integer(c_int64_t), intent(in) :: batch
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_predict_batch(model=model, batch=batch)
  call ended(answer, ier)
end subroutine clqbpr

! clq_batch_get
subroutine clqbge(batch, name, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: batch
  character(*), intent(in) :: name
  real(c_float), intent(inout), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: name_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (name /= ' ') name_c = c_text(name)
  answer = c_batch_get(batch=batch, name=name_c, data=c_loc(data), &
      dtype=CLQ_F32, bytes=int(ndata, c_int64_t)*bytes_of(CLQ_F32))
  call ended(answer, ier)
end subroutine clqbge

! clq_batch_get
subroutine clqbgd(batch, name, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: batch
  character(*), intent(in) :: name
  real(c_double), intent(inout), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: name_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (name /= ' ') name_c = c_text(name)
  answer = c_batch_get(batch=batch, name=name_c, data=c_loc(data), &
      dtype=CLQ_F64, bytes=int(ndata, c_int64_t)*bytes_of(CLQ_F64))
  call ended(answer, ier)
end subroutine clqbgd

! clq_batch_get
subroutine clqbgi(batch, name, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: batch
  character(*), intent(in) :: name
  integer(c_int16_t), intent(inout), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: name_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (name /= ' ') name_c = c_text(name)
  answer = c_batch_get(batch=batch, name=name_c, data=c_loc(data), &
      dtype=CLQ_I16, bytes=int(ndata, c_int64_t)*bytes_of(CLQ_I16))
  call ended(answer, ier)
end subroutine clqbgi

! clq_batch_get
subroutine clqbgj(batch, name, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: batch
  character(*), intent(in) :: name
  integer(c_int32_t), intent(inout), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: name_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (name /= ' ') name_c = c_text(name)
  answer = c_batch_get(batch=batch, name=name_c, data=c_loc(data), &
      dtype=CLQ_I32, bytes=int(ndata, c_int64_t)*bytes_of(CLQ_I32))
  call ended(answer, ier)
end subroutine clqbgj

! clq_batch_get
subroutine clqbgk(batch, name, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: batch
  character(*), intent(in) :: name
  integer(c_int64_t), intent(inout), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: name_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (name /= ' ') name_c = c_text(name)
  answer = c_batch_get(batch=batch, name=name_c, data=c_loc(data), &
      dtype=CLQ_I64, bytes=int(ndata, c_int64_t)*bytes_of(CLQ_I64))
  call ended(answer, ier)
end subroutine clqbgk

! clq_batch_status
subroutine clqbst(batch, per_sample, n, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: batch
  integer(c_int32_t), intent(inout) :: per_sample(*)
  integer(c_int32_t), intent(in) :: n
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_batch_status(batch=batch, per_sample=per_sample, n=int(n, c_int64_t))
  call ended(answer, ier)
end subroutine clqbst

! clq_batch_close
subroutine clqbcl(batch, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(inout) :: batch
  integer(c_int32_t) :: ier   ! left as it is
  call c_batch_close(batch=batch)
  batch = 0
end subroutine clqbcl

! clq_predict
subroutine clqprd(model, input, n, input_size, output, output_size, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  real(c_float), intent(in) :: input(*)
  integer(c_int32_t), intent(in) :: n
  integer(c_int32_t), intent(in) :: input_size
  real(c_float), intent(inout) :: output(*)
  integer(c_int32_t), intent(in) :: output_size
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_predict(model=model, input=input, n=int(n, c_int64_t), &
      input_size=int(input_size, c_int64_t), output=output, output_size=int(output_size, c_int64_t))
  call ended(answer, ier)
end subroutine clqprd

! clq_predict_to
subroutine clqpto(models, n_models, source, uri, options_json, result, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: models(*)
  integer(c_int32_t), intent(in) :: n_models
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: uri
  character(*), intent(in) :: options_json
  integer(c_int64_t), intent(inout) :: result
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: uri_c
  character(:), allocatable :: options_json_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (uri /= ' ') uri_c = c_text(uri)
  if (options_json /= ' ') options_json_c = c_text(options_json)
  answer = c_predict_to(models=models, n_models=n_models, source=source, &
      uri=uri_c, options_json=options_json_c, result=result)
  call ended(answer, ier)
end subroutine clqpto

! clq_evaluate
subroutine clqeva(models, n_models, source, uri, options_json, result, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: models(*)
  integer(c_int32_t), intent(in) :: n_models
  integer(c_int64_t), intent(in) :: source
  character(*), intent(in) :: uri
  character(*), intent(in) :: options_json
  integer(c_int64_t), intent(inout) :: result
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: uri_c
  character(:), allocatable :: options_json_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (uri /= ' ') uri_c = c_text(uri)
  if (options_json /= ' ') options_json_c = c_text(options_json)
  answer = c_evaluate(models=models, n_models=n_models, source=source, &
      uri=uri_c, options_json=options_json_c, result=result)
  call ended(answer, ier)
end subroutine clqeva

! clq_result_text
subroutine clqrtx(result, json, njson, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: result
  character(*), intent(inout) :: json
  integer(c_int32_t), intent(inout) :: njson
  integer(c_int32_t), intent(inout) :: ier
  character(len(json) + 1) :: buffer
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_result_text(result=result, json=buffer, capacity=len(buffer, c_int64_t))
  call tell('clqrtx', answer, buffer, json, njson, ier)
end subroutine clqrtx

! clq_result_close
subroutine clqrcl(result, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(inout) :: result
  integer(c_int32_t) :: ier   ! left as it is
  call c_result_close(result=result)
  result = 0
end subroutine clqrcl

! clq_trainer_create
subroutine clqtrn(model, source, config, run_folder, trainer, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: model
  integer(c_int64_t), intent(in) :: source
  integer(c_int64_t), intent(in) :: config
  character(*), intent(in) :: run_folder
  integer(c_int64_t), intent(inout) :: trainer
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: run_folder_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (run_folder /= ' ') run_folder_c = c_text(run_folder)
  answer = c_trainer_create(model=model, source=source, config=config, &
      run_folder=run_folder_c, trainer=trainer)
  call ended(answer, ier)
end subroutine clqtrn

! clq_trainer_resume
subroutine clqtrs(run_folder, source, trainer, ier)
  use calanque_f77_calls
  implicit none
  character(*), intent(in) :: run_folder
  integer(c_int64_t), intent(in) :: source
  integer(c_int64_t), intent(inout) :: trainer
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: run_folder_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (run_folder /= ' ') run_folder_c = c_text(run_folder)
  answer = c_trainer_resume(run_folder=run_folder_c, source=source, trainer=trainer)
  call ended(answer, ier)
end subroutine clqtrs

! clq_trainer_resume_to
subroutine clqtrt(run_folder, source, epochs, trainer, ier)
  use calanque_f77_calls
  implicit none
  character(*), intent(in) :: run_folder
  integer(c_int64_t), intent(in) :: source
  integer(c_int32_t), intent(in) :: epochs
  integer(c_int64_t), intent(inout) :: trainer
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: run_folder_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (run_folder /= ' ') run_folder_c = c_text(run_folder)
  answer = c_trainer_resume_to(run_folder=run_folder_c, source=source, epochs=int(epochs, c_int64_t), &
      trainer=trainer)
  call ended(answer, ier)
end subroutine clqtrt

! clq_trainer_run
subroutine clqrun(trainer, seconds, iend, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  real(c_double), intent(in) :: seconds
  integer(c_int32_t), intent(inout) :: iend
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_trainer_run(trainer=trainer, seconds=seconds)
  call ended(answer, ier)
  if (ier == 0) iend = int(answer, c_int32_t)
end subroutine clqrun

! clq_trainer_steps
subroutine clqstp(trainer, n, iend, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  integer(c_int32_t), intent(in) :: n
  integer(c_int32_t), intent(inout) :: iend
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_trainer_steps(trainer=trainer, n=int(n, c_int64_t))
  call ended(answer, ier)
  if (ier == 0) iend = int(answer, c_int32_t)
end subroutine clqstp

! clq_trainer_batch
subroutine clqtba(trainer, source, samples, n, iend, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  integer(c_int64_t), intent(in) :: source
  integer(c_int32_t), intent(in) :: samples(*)
  integer(c_int32_t), intent(in) :: n
  integer(c_int32_t), intent(inout) :: iend
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_trainer_batch(trainer=trainer, source=source, samples=int(samples(:n), c_int64_t), &
      n=int(n, c_int64_t))
  call ended(answer, ier)
  if (ier == 0) iend = int(answer, c_int32_t)
end subroutine clqtba

! clq_trainer_gradients
subroutine clqtgr(trainer, source, samples, n, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  integer(c_int64_t), intent(in) :: source
  integer(c_int32_t), intent(in) :: samples(*)
  integer(c_int32_t), intent(in) :: n
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_trainer_gradients(trainer=trainer, source=source, samples=int(samples(:n), c_int64_t), &
      n=int(n, c_int64_t))
  call ended(answer, ier)
end subroutine clqtgr

! clq_gradient_get
subroutine clqgge(trainer, parameter, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  character(*), intent(in) :: parameter
  real(c_float), intent(inout), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: parameter_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (parameter /= ' ') parameter_c = c_text(parameter)
  answer = c_gradient_get(trainer=trainer, parameter=parameter_c, data=c_loc(data), &
      dtype=CLQ_F32, bytes=int(ndata, c_int64_t)*bytes_of(CLQ_F32))
  call ended(answer, ier)
end subroutine clqgge

! clq_gradient_get
subroutine clqggd(trainer, parameter, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  character(*), intent(in) :: parameter
  real(c_double), intent(inout), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: parameter_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (parameter /= ' ') parameter_c = c_text(parameter)
  answer = c_gradient_get(trainer=trainer, parameter=parameter_c, data=c_loc(data), &
      dtype=CLQ_F64, bytes=int(ndata, c_int64_t)*bytes_of(CLQ_F64))
  call ended(answer, ier)
end subroutine clqggd

! clq_gradient_set
subroutine clqgse(trainer, parameter, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  character(*), intent(in) :: parameter
  real(c_float), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: parameter_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (parameter /= ' ') parameter_c = c_text(parameter)
  answer = c_gradient_set(trainer=trainer, parameter=parameter_c, data=c_loc(data), &
      dtype=CLQ_F32, bytes=int(ndata, c_int64_t)*bytes_of(CLQ_F32))
  call ended(answer, ier)
end subroutine clqgse

! clq_gradient_set
subroutine clqgsd(trainer, parameter, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  character(*), intent(in) :: parameter
  real(c_double), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: parameter_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (parameter /= ' ') parameter_c = c_text(parameter)
  answer = c_gradient_set(trainer=trainer, parameter=parameter_c, data=c_loc(data), &
      dtype=CLQ_F64, bytes=int(ndata, c_int64_t)*bytes_of(CLQ_F64))
  call ended(answer, ier)
end subroutine clqgsd

! clq_trainer_apply
subroutine clqtap(trainer, iend, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  integer(c_int32_t), intent(inout) :: iend
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_trainer_apply(trainer=trainer)
  call ended(answer, ier)
  if (ier == 0) iend = int(answer, c_int32_t)
end subroutine clqtap

! clq_trainer_set
subroutine clqtse(trainer, state, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  character(*), intent(in) :: state
  real(c_float), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: state_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (state /= ' ') state_c = c_text(state)
  answer = c_trainer_set(trainer=trainer, state=state_c, data=c_loc(data), &
      dtype=CLQ_F32, bytes=int(ndata, c_int64_t)*bytes_of(CLQ_F32))
  call ended(answer, ier)
end subroutine clqtse

! clq_trainer_set
subroutine clqtsd(trainer, state, data, ndata, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  character(*), intent(in) :: state
  real(c_double), intent(in), target :: data(*)
  integer(c_int32_t), intent(in) :: ndata
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: state_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (state /= ' ') state_c = c_text(state)
  answer = c_trainer_set(trainer=trainer, state=state_c, data=c_loc(data), &
      dtype=CLQ_F64, bytes=int(ndata, c_int64_t)*bytes_of(CLQ_F64))
  call ended(answer, ier)
end subroutine clqtsd

! clq_trainer_model
subroutine clqtmo(trainer, model, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  integer(c_int64_t), intent(inout) :: model
  integer(c_int32_t), intent(inout) :: ier
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_trainer_model(trainer=trainer, model=model)
  call ended(answer, ier)
end subroutine clqtmo

! clq_trainer_get
subroutine clqtgt(trainer, key, value, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  character(*), intent(in) :: key
  real(c_double), intent(inout) :: value
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: key_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (key /= ' ') key_c = c_text(key)
  answer = c_trainer_get(trainer=trainer, key=key_c, value=value)
  call ended(answer, ier)
end subroutine clqtgt

! clq_trainer_metrics
subroutine clqtmt(trainer, json, njson, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  character(*), intent(inout) :: json
  integer(c_int32_t), intent(inout) :: njson
  integer(c_int32_t), intent(inout) :: ier
  character(len(json) + 1) :: buffer
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  answer = c_trainer_metrics(trainer=trainer, json=buffer, capacity=len(buffer, c_int64_t))
  call tell('clqtmt', answer, buffer, json, njson, ier)
end subroutine clqtmt

! clq_trainer_checkpoint
subroutine clqtck(trainer, path, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  character(*), intent(in) :: path
  integer(c_int32_t), intent(inout) :: ier
  character(:), allocatable :: path_c
  integer(c_int64_t) :: answer
  if (ier /= 0) return
  if (path /= ' ') path_c = c_text(path)
  answer = c_trainer_checkpoint(trainer=trainer, path=path_c)
  call ended(answer, ier)
end subroutine clqtck

! clq_trainer_stop
subroutine clqtsp(trainer, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(in) :: trainer
  integer(c_int32_t), intent(inout) :: ier
  if (ier /= 0) return
  call c_trainer_stop(trainer=trainer)
end subroutine clqtsp

! clq_trainer_close
subroutine clqtcl(trainer, ier)
  use calanque_f77_calls
  implicit none
  integer(c_int64_t), intent(inout) :: trainer
  integer(c_int32_t) :: ier   ! left as it is
  call c_trainer_close(trainer=trainer)
  trainer = 0
end subroutine clqtcl
