! capi/bindings/fortran/calanque_arrays.f90 -- arrays of every kind and rank, on their way to the calls.
! SPDX-License-Identifier: BSD-3-Clause
! Made by capi/bindings/generate_fortran.py from calanque.h and types.h: change those.
!
! Each type here is the first half of one of module calanque: its handle, and generic procedures on arrays. Every kind and rank has
! a specific procedure with a public name, clq_<type>_<what>_<kind>_<rank>, which a compiler's message can name.
! The last dimension counts the samples. A slice or an expression is copied by the compiler; what borrows takes a pointer, or a
! variable that is a TARGET and contiguous, and nothing else compiles.
module calanque_arrays
  use, intrinsic :: iso_c_binding, only: c_int64_t, c_loc
  use, intrinsic :: iso_fortran_env, only: int16, int32, int64, real32, real64
  use calanque_c, only: CLQ_F32, CLQ_F64, CLQ_I16, CLQ_I32, CLQ_I64
  use calanque_calls
  implicit none
  public
  private :: call_add, call_read, call_set, call_get, call_state, predict_real32, predict_real64

  type :: clq_source_arrays
    integer(c_int64_t) :: handle = 0   ! the C API's; 0: none
  contains
    ! A field of the source, copied.
    procedure :: clq_source_add_real32_1, clq_source_add_real32_2
    procedure :: clq_source_add_real32_3, clq_source_add_real32_4
    procedure :: clq_source_add_real32_5
    generic :: add => clq_source_add_real32_1, clq_source_add_real32_2
    generic :: add => clq_source_add_real32_3, clq_source_add_real32_4
    generic :: add => clq_source_add_real32_5
    procedure :: clq_source_add_real64_1, clq_source_add_real64_2
    procedure :: clq_source_add_real64_3, clq_source_add_real64_4
    procedure :: clq_source_add_real64_5
    generic :: add => clq_source_add_real64_1, clq_source_add_real64_2
    generic :: add => clq_source_add_real64_3, clq_source_add_real64_4
    generic :: add => clq_source_add_real64_5
    procedure :: clq_source_add_int16_1, clq_source_add_int16_2
    procedure :: clq_source_add_int16_3, clq_source_add_int16_4
    procedure :: clq_source_add_int16_5
    generic :: add => clq_source_add_int16_1, clq_source_add_int16_2
    generic :: add => clq_source_add_int16_3, clq_source_add_int16_4
    generic :: add => clq_source_add_int16_5
    procedure :: clq_source_add_int32_1, clq_source_add_int32_2
    procedure :: clq_source_add_int32_3, clq_source_add_int32_4
    procedure :: clq_source_add_int32_5
    generic :: add => clq_source_add_int32_1, clq_source_add_int32_2
    generic :: add => clq_source_add_int32_3, clq_source_add_int32_4
    generic :: add => clq_source_add_int32_5
    procedure :: clq_source_add_int64_1, clq_source_add_int64_2
    procedure :: clq_source_add_int64_3, clq_source_add_int64_4
    procedure :: clq_source_add_int64_5
    generic :: add => clq_source_add_int64_1, clq_source_add_int64_2
    generic :: add => clq_source_add_int64_3, clq_source_add_int64_4
    generic :: add => clq_source_add_int64_5
    ! The same without a copy: `data` must outlive the source and its trainers.
    procedure :: clq_source_borrow_real32_1, clq_source_borrow_real32_2
    procedure :: clq_source_borrow_real32_3, clq_source_borrow_real32_4
    procedure :: clq_source_borrow_real32_5
    generic :: borrow => clq_source_borrow_real32_1, clq_source_borrow_real32_2
    generic :: borrow => clq_source_borrow_real32_3, clq_source_borrow_real32_4
    generic :: borrow => clq_source_borrow_real32_5
    procedure :: clq_source_borrow_real64_1, clq_source_borrow_real64_2
    procedure :: clq_source_borrow_real64_3, clq_source_borrow_real64_4
    procedure :: clq_source_borrow_real64_5
    generic :: borrow => clq_source_borrow_real64_1, clq_source_borrow_real64_2
    generic :: borrow => clq_source_borrow_real64_3, clq_source_borrow_real64_4
    generic :: borrow => clq_source_borrow_real64_5
    procedure :: clq_source_borrow_int16_1, clq_source_borrow_int16_2
    procedure :: clq_source_borrow_int16_3, clq_source_borrow_int16_4
    procedure :: clq_source_borrow_int16_5
    generic :: borrow => clq_source_borrow_int16_1, clq_source_borrow_int16_2
    generic :: borrow => clq_source_borrow_int16_3, clq_source_borrow_int16_4
    generic :: borrow => clq_source_borrow_int16_5
    procedure :: clq_source_borrow_int32_1, clq_source_borrow_int32_2
    procedure :: clq_source_borrow_int32_3, clq_source_borrow_int32_4
    procedure :: clq_source_borrow_int32_5
    generic :: borrow => clq_source_borrow_int32_1, clq_source_borrow_int32_2
    generic :: borrow => clq_source_borrow_int32_3, clq_source_borrow_int32_4
    generic :: borrow => clq_source_borrow_int32_5
    procedure :: clq_source_borrow_int64_1, clq_source_borrow_int64_2
    procedure :: clq_source_borrow_int64_3, clq_source_borrow_int64_4
    procedure :: clq_source_borrow_int64_5
    generic :: borrow => clq_source_borrow_int64_1, clq_source_borrow_int64_2
    generic :: borrow => clq_source_borrow_int64_3, clq_source_borrow_int64_4
    generic :: borrow => clq_source_borrow_int64_5
    ! Of these samples, counted from 0, in the field's own kind; another is refused.
    procedure :: clq_source_read_real32_1, clq_source_read_real32_2
    procedure :: clq_source_read_real32_3, clq_source_read_real32_4
    procedure :: clq_source_read_real32_5
    generic :: read => clq_source_read_real32_1, clq_source_read_real32_2
    generic :: read => clq_source_read_real32_3, clq_source_read_real32_4
    generic :: read => clq_source_read_real32_5
    procedure :: clq_source_read_real64_1, clq_source_read_real64_2
    procedure :: clq_source_read_real64_3, clq_source_read_real64_4
    procedure :: clq_source_read_real64_5
    generic :: read => clq_source_read_real64_1, clq_source_read_real64_2
    generic :: read => clq_source_read_real64_3, clq_source_read_real64_4
    generic :: read => clq_source_read_real64_5
    procedure :: clq_source_read_int16_1, clq_source_read_int16_2
    procedure :: clq_source_read_int16_3, clq_source_read_int16_4
    procedure :: clq_source_read_int16_5
    generic :: read => clq_source_read_int16_1, clq_source_read_int16_2
    generic :: read => clq_source_read_int16_3, clq_source_read_int16_4
    generic :: read => clq_source_read_int16_5
    procedure :: clq_source_read_int32_1, clq_source_read_int32_2
    procedure :: clq_source_read_int32_3, clq_source_read_int32_4
    procedure :: clq_source_read_int32_5
    generic :: read => clq_source_read_int32_1, clq_source_read_int32_2
    generic :: read => clq_source_read_int32_3, clq_source_read_int32_4
    generic :: read => clq_source_read_int32_5
    procedure :: clq_source_read_int64_1, clq_source_read_int64_2
    procedure :: clq_source_read_int64_3, clq_source_read_int64_4
    procedure :: clq_source_read_int64_5
    generic :: read => clq_source_read_int64_1, clq_source_read_int64_2
    generic :: read => clq_source_read_int64_3, clq_source_read_int64_4
    generic :: read => clq_source_read_int64_5
  end type clq_source_arrays

  type :: clq_batch_arrays
    integer(c_int64_t) :: handle = 0   ! the C API's; 0: none
    integer(c_int64_t) :: n = 0        ! samples
  contains
    ! An input of every sample, or one of its columns.
    procedure :: clq_batch_set_real32_1, clq_batch_set_real32_2
    procedure :: clq_batch_set_real32_3, clq_batch_set_real32_4
    procedure :: clq_batch_set_real32_5
    generic :: set => clq_batch_set_real32_1, clq_batch_set_real32_2
    generic :: set => clq_batch_set_real32_3, clq_batch_set_real32_4
    generic :: set => clq_batch_set_real32_5
    procedure :: clq_batch_set_real64_1, clq_batch_set_real64_2
    procedure :: clq_batch_set_real64_3, clq_batch_set_real64_4
    procedure :: clq_batch_set_real64_5
    generic :: set => clq_batch_set_real64_1, clq_batch_set_real64_2
    generic :: set => clq_batch_set_real64_3, clq_batch_set_real64_4
    generic :: set => clq_batch_set_real64_5
    procedure :: clq_batch_set_int16_1, clq_batch_set_int16_2
    procedure :: clq_batch_set_int16_3, clq_batch_set_int16_4
    procedure :: clq_batch_set_int16_5
    generic :: set => clq_batch_set_int16_1, clq_batch_set_int16_2
    generic :: set => clq_batch_set_int16_3, clq_batch_set_int16_4
    generic :: set => clq_batch_set_int16_5
    procedure :: clq_batch_set_int32_1, clq_batch_set_int32_2
    procedure :: clq_batch_set_int32_3, clq_batch_set_int32_4
    procedure :: clq_batch_set_int32_5
    generic :: set => clq_batch_set_int32_1, clq_batch_set_int32_2
    generic :: set => clq_batch_set_int32_3, clq_batch_set_int32_4
    generic :: set => clq_batch_set_int32_5
    procedure :: clq_batch_set_int64_1, clq_batch_set_int64_2
    procedure :: clq_batch_set_int64_3, clq_batch_set_int64_4
    procedure :: clq_batch_set_int64_5
    generic :: set => clq_batch_set_int64_1, clq_batch_set_int64_2
    generic :: set => clq_batch_set_int64_3, clq_batch_set_int64_4
    generic :: set => clq_batch_set_int64_5
    ! An output of every sample, converted.
    procedure :: clq_batch_get_real32_1, clq_batch_get_real32_2
    procedure :: clq_batch_get_real32_3, clq_batch_get_real32_4
    procedure :: clq_batch_get_real32_5
    generic :: get => clq_batch_get_real32_1, clq_batch_get_real32_2
    generic :: get => clq_batch_get_real32_3, clq_batch_get_real32_4
    generic :: get => clq_batch_get_real32_5
    procedure :: clq_batch_get_real64_1, clq_batch_get_real64_2
    procedure :: clq_batch_get_real64_3, clq_batch_get_real64_4
    procedure :: clq_batch_get_real64_5
    generic :: get => clq_batch_get_real64_1, clq_batch_get_real64_2
    generic :: get => clq_batch_get_real64_3, clq_batch_get_real64_4
    generic :: get => clq_batch_get_real64_5
    procedure :: clq_batch_get_int16_1, clq_batch_get_int16_2
    procedure :: clq_batch_get_int16_3, clq_batch_get_int16_4
    procedure :: clq_batch_get_int16_5
    generic :: get => clq_batch_get_int16_1, clq_batch_get_int16_2
    generic :: get => clq_batch_get_int16_3, clq_batch_get_int16_4
    generic :: get => clq_batch_get_int16_5
    procedure :: clq_batch_get_int32_1, clq_batch_get_int32_2
    procedure :: clq_batch_get_int32_3, clq_batch_get_int32_4
    procedure :: clq_batch_get_int32_5
    generic :: get => clq_batch_get_int32_1, clq_batch_get_int32_2
    generic :: get => clq_batch_get_int32_3, clq_batch_get_int32_4
    generic :: get => clq_batch_get_int32_5
    procedure :: clq_batch_get_int64_1, clq_batch_get_int64_2
    procedure :: clq_batch_get_int64_3, clq_batch_get_int64_4
    procedure :: clq_batch_get_int64_5
    generic :: get => clq_batch_get_int64_1, clq_batch_get_int64_2
    generic :: get => clq_batch_get_int64_3, clq_batch_get_int64_4
    generic :: get => clq_batch_get_int64_5
  end type clq_batch_arrays

  type :: clq_model_arrays
    integer(c_int64_t) :: handle = 0   ! the C API's; 0: none
  contains
    ! A state by its name, converted.
    procedure :: clq_model_get_real32_1, clq_model_get_real32_2
    procedure :: clq_model_get_real32_3, clq_model_get_real32_4
    procedure :: clq_model_get_real32_5
    generic :: get => clq_model_get_real32_1, clq_model_get_real32_2
    generic :: get => clq_model_get_real32_3, clq_model_get_real32_4
    generic :: get => clq_model_get_real32_5
    procedure :: clq_model_get_real64_1, clq_model_get_real64_2
    procedure :: clq_model_get_real64_3, clq_model_get_real64_4
    procedure :: clq_model_get_real64_5
    generic :: get => clq_model_get_real64_1, clq_model_get_real64_2
    generic :: get => clq_model_get_real64_3, clq_model_get_real64_4
    generic :: get => clq_model_get_real64_5
    ! A state by its name, while no trainer holds the model.
    procedure :: clq_model_set_real32_1, clq_model_set_real32_2
    procedure :: clq_model_set_real32_3, clq_model_set_real32_4
    procedure :: clq_model_set_real32_5
    generic :: set => clq_model_set_real32_1, clq_model_set_real32_2
    generic :: set => clq_model_set_real32_3, clq_model_set_real32_4
    generic :: set => clq_model_set_real32_5
    procedure :: clq_model_set_real64_1, clq_model_set_real64_2
    procedure :: clq_model_set_real64_3, clq_model_set_real64_4
    procedure :: clq_model_set_real64_5
    generic :: set => clq_model_set_real64_1, clq_model_set_real64_2
    generic :: set => clq_model_set_real64_3, clq_model_set_real64_4
    generic :: set => clq_model_set_real64_5
    ! One input and the prediction, of each sample one value or several; NaN: no answer. The network computes in
    ! real32: real64 is converted to it on the way in and from it on the way out.
    procedure :: clq_model_predict_real32_1_1, clq_model_predict_real32_1_2
    procedure :: clq_model_predict_real32_2_1, clq_model_predict_real32_2_2
    procedure :: clq_model_predict_real32_3_1, clq_model_predict_real32_3_2
    procedure :: clq_model_predict_real32_4_1, clq_model_predict_real32_4_2
    procedure :: clq_model_predict_real32_5_1, clq_model_predict_real32_5_2
    generic :: predict => clq_model_predict_real32_1_1, clq_model_predict_real32_1_2
    generic :: predict => clq_model_predict_real32_2_1, clq_model_predict_real32_2_2
    generic :: predict => clq_model_predict_real32_3_1, clq_model_predict_real32_3_2
    generic :: predict => clq_model_predict_real32_4_1, clq_model_predict_real32_4_2
    generic :: predict => clq_model_predict_real32_5_1, clq_model_predict_real32_5_2
    procedure :: clq_model_predict_real64_1_1, clq_model_predict_real64_1_2
    procedure :: clq_model_predict_real64_2_1, clq_model_predict_real64_2_2
    procedure :: clq_model_predict_real64_3_1, clq_model_predict_real64_3_2
    procedure :: clq_model_predict_real64_4_1, clq_model_predict_real64_4_2
    procedure :: clq_model_predict_real64_5_1, clq_model_predict_real64_5_2
    generic :: predict => clq_model_predict_real64_1_1, clq_model_predict_real64_1_2
    generic :: predict => clq_model_predict_real64_2_1, clq_model_predict_real64_2_2
    generic :: predict => clq_model_predict_real64_3_1, clq_model_predict_real64_3_2
    generic :: predict => clq_model_predict_real64_4_1, clq_model_predict_real64_4_2
    generic :: predict => clq_model_predict_real64_5_1, clq_model_predict_real64_5_2
  end type clq_model_arrays

  type :: clq_trainer_arrays
    integer(c_int64_t) :: handle = 0   ! the C API's; 0: none
  contains
    ! A state of the model, between two steps.
    procedure :: clq_trainer_set_real32_1, clq_trainer_set_real32_2
    procedure :: clq_trainer_set_real32_3, clq_trainer_set_real32_4
    procedure :: clq_trainer_set_real32_5
    generic :: set => clq_trainer_set_real32_1, clq_trainer_set_real32_2
    generic :: set => clq_trainer_set_real32_3, clq_trainer_set_real32_4
    generic :: set => clq_trainer_set_real32_5
    procedure :: clq_trainer_set_real64_1, clq_trainer_set_real64_2
    procedure :: clq_trainer_set_real64_3, clq_trainer_set_real64_4
    procedure :: clq_trainer_set_real64_5
    generic :: set => clq_trainer_set_real64_1, clq_trainer_set_real64_2
    generic :: set => clq_trainer_set_real64_3, clq_trainer_set_real64_4
    generic :: set => clq_trainer_set_real64_5
    ! Of a parameter, behind gradients.
    procedure :: clq_trainer_get_gradient_real32_1, clq_trainer_get_gradient_real32_2
    procedure :: clq_trainer_get_gradient_real32_3, clq_trainer_get_gradient_real32_4
    procedure :: clq_trainer_get_gradient_real32_5
    generic :: get_gradient => clq_trainer_get_gradient_real32_1, clq_trainer_get_gradient_real32_2
    generic :: get_gradient => clq_trainer_get_gradient_real32_3, clq_trainer_get_gradient_real32_4
    generic :: get_gradient => clq_trainer_get_gradient_real32_5
    procedure :: clq_trainer_get_gradient_real64_1, clq_trainer_get_gradient_real64_2
    procedure :: clq_trainer_get_gradient_real64_3, clq_trainer_get_gradient_real64_4
    procedure :: clq_trainer_get_gradient_real64_5
    generic :: get_gradient => clq_trainer_get_gradient_real64_1, clq_trainer_get_gradient_real64_2
    generic :: get_gradient => clq_trainer_get_gradient_real64_3, clq_trainer_get_gradient_real64_4
    generic :: get_gradient => clq_trainer_get_gradient_real64_5
    ! In its place, before apply.
    procedure :: clq_trainer_set_gradient_real32_1, clq_trainer_set_gradient_real32_2
    procedure :: clq_trainer_set_gradient_real32_3, clq_trainer_set_gradient_real32_4
    procedure :: clq_trainer_set_gradient_real32_5
    generic :: set_gradient => clq_trainer_set_gradient_real32_1, clq_trainer_set_gradient_real32_2
    generic :: set_gradient => clq_trainer_set_gradient_real32_3, clq_trainer_set_gradient_real32_4
    generic :: set_gradient => clq_trainer_set_gradient_real32_5
    procedure :: clq_trainer_set_gradient_real64_1, clq_trainer_set_gradient_real64_2
    procedure :: clq_trainer_set_gradient_real64_3, clq_trainer_set_gradient_real64_4
    procedure :: clq_trainer_set_gradient_real64_5
    generic :: set_gradient => clq_trainer_set_gradient_real64_1, clq_trainer_set_gradient_real64_2
    generic :: set_gradient => clq_trainer_set_gradient_real64_3, clq_trainer_set_gradient_real64_4
    generic :: set_gradient => clq_trainer_set_gradient_real64_5
  end type clq_trainer_arrays

contains

  subroutine clq_source_add_real32_1(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real32), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F32, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_real32_1

  subroutine clq_source_add_real32_2(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real32), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F32, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_real32_2

  subroutine clq_source_add_real32_3(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real32), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F32, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_real32_3

  subroutine clq_source_add_real32_4(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real32), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F32, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_real32_4

  subroutine clq_source_add_real32_5(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real32), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F32, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_real32_5

  subroutine clq_source_add_real64_1(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real64), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F64, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_real64_1

  subroutine clq_source_add_real64_2(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real64), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F64, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_real64_2

  subroutine clq_source_add_real64_3(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real64), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F64, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_real64_3

  subroutine clq_source_add_real64_4(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real64), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F64, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_real64_4

  subroutine clq_source_add_real64_5(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real64), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F64, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_real64_5

  subroutine clq_source_add_int16_1(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int16), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I16, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_int16_1

  subroutine clq_source_add_int16_2(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int16), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I16, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_int16_2

  subroutine clq_source_add_int16_3(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int16), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I16, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_int16_3

  subroutine clq_source_add_int16_4(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int16), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I16, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_int16_4

  subroutine clq_source_add_int16_5(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int16), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I16, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_int16_5

  subroutine clq_source_add_int32_1(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int32), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I32, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_int32_1

  subroutine clq_source_add_int32_2(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int32), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I32, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_int32_2

  subroutine clq_source_add_int32_3(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int32), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I32, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_int32_3

  subroutine clq_source_add_int32_4(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int32), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I32, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_int32_4

  subroutine clq_source_add_int32_5(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int32), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I32, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_int32_5

  subroutine clq_source_add_int64_1(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int64), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I64, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_int64_1

  subroutine clq_source_add_int64_2(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int64), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I64, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_int64_2

  subroutine clq_source_add_int64_3(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int64), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I64, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_int64_3

  subroutine clq_source_add_int64_4(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int64), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I64, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_int64_4

  subroutine clq_source_add_int64_5(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int64), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I64, shape(data, c_int64_t), .false., ierr)
  end subroutine clq_source_add_int64_5

  subroutine clq_source_borrow_real32_1(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real32), intent(in), pointer, contiguous :: data(:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F32, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_real32_1

  subroutine clq_source_borrow_real32_2(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real32), intent(in), pointer, contiguous :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F32, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_real32_2

  subroutine clq_source_borrow_real32_3(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real32), intent(in), pointer, contiguous :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F32, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_real32_3

  subroutine clq_source_borrow_real32_4(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real32), intent(in), pointer, contiguous :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F32, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_real32_4

  subroutine clq_source_borrow_real32_5(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real32), intent(in), pointer, contiguous :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F32, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_real32_5

  subroutine clq_source_borrow_real64_1(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real64), intent(in), pointer, contiguous :: data(:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F64, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_real64_1

  subroutine clq_source_borrow_real64_2(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real64), intent(in), pointer, contiguous :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F64, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_real64_2

  subroutine clq_source_borrow_real64_3(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real64), intent(in), pointer, contiguous :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F64, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_real64_3

  subroutine clq_source_borrow_real64_4(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real64), intent(in), pointer, contiguous :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F64, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_real64_4

  subroutine clq_source_borrow_real64_5(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    real(real64), intent(in), pointer, contiguous :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_F64, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_real64_5

  subroutine clq_source_borrow_int16_1(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int16), intent(in), pointer, contiguous :: data(:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I16, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_int16_1

  subroutine clq_source_borrow_int16_2(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int16), intent(in), pointer, contiguous :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I16, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_int16_2

  subroutine clq_source_borrow_int16_3(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int16), intent(in), pointer, contiguous :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I16, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_int16_3

  subroutine clq_source_borrow_int16_4(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int16), intent(in), pointer, contiguous :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I16, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_int16_4

  subroutine clq_source_borrow_int16_5(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int16), intent(in), pointer, contiguous :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I16, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_int16_5

  subroutine clq_source_borrow_int32_1(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int32), intent(in), pointer, contiguous :: data(:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I32, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_int32_1

  subroutine clq_source_borrow_int32_2(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int32), intent(in), pointer, contiguous :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I32, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_int32_2

  subroutine clq_source_borrow_int32_3(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int32), intent(in), pointer, contiguous :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I32, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_int32_3

  subroutine clq_source_borrow_int32_4(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int32), intent(in), pointer, contiguous :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I32, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_int32_4

  subroutine clq_source_borrow_int32_5(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int32), intent(in), pointer, contiguous :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I32, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_int32_5

  subroutine clq_source_borrow_int64_1(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int64), intent(in), pointer, contiguous :: data(:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I64, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_int64_1

  subroutine clq_source_borrow_int64_2(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int64), intent(in), pointer, contiguous :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I64, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_int64_2

  subroutine clq_source_borrow_int64_3(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int64), intent(in), pointer, contiguous :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I64, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_int64_3

  subroutine clq_source_borrow_int64_4(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int64), intent(in), pointer, contiguous :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I64, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_int64_4

  subroutine clq_source_borrow_int64_5(self, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    character(*), intent(in) :: field
    integer(int64), intent(in), pointer, contiguous :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_add(self%handle, field, c_loc(data), CLQ_I64, shape(data, c_int64_t), .true., ierr)
  end subroutine clq_source_borrow_int64_5

  subroutine clq_source_read_real32_1(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    real(real32), intent(inout), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_F32, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_real32_1

  subroutine clq_source_read_real32_2(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    real(real32), intent(inout), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_F32, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_real32_2

  subroutine clq_source_read_real32_3(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    real(real32), intent(inout), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_F32, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_real32_3

  subroutine clq_source_read_real32_4(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    real(real32), intent(inout), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_F32, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_real32_4

  subroutine clq_source_read_real32_5(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    real(real32), intent(inout), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_F32, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_real32_5

  subroutine clq_source_read_real64_1(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    real(real64), intent(inout), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_F64, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_real64_1

  subroutine clq_source_read_real64_2(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    real(real64), intent(inout), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_F64, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_real64_2

  subroutine clq_source_read_real64_3(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    real(real64), intent(inout), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_F64, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_real64_3

  subroutine clq_source_read_real64_4(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    real(real64), intent(inout), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_F64, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_real64_4

  subroutine clq_source_read_real64_5(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    real(real64), intent(inout), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_F64, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_real64_5

  subroutine clq_source_read_int16_1(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    integer(int16), intent(inout), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_I16, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_int16_1

  subroutine clq_source_read_int16_2(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    integer(int16), intent(inout), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_I16, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_int16_2

  subroutine clq_source_read_int16_3(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    integer(int16), intent(inout), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_I16, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_int16_3

  subroutine clq_source_read_int16_4(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    integer(int16), intent(inout), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_I16, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_int16_4

  subroutine clq_source_read_int16_5(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    integer(int16), intent(inout), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_I16, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_int16_5

  subroutine clq_source_read_int32_1(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    integer(int32), intent(inout), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_I32, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_int32_1

  subroutine clq_source_read_int32_2(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    integer(int32), intent(inout), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_I32, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_int32_2

  subroutine clq_source_read_int32_3(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    integer(int32), intent(inout), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_I32, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_int32_3

  subroutine clq_source_read_int32_4(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    integer(int32), intent(inout), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_I32, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_int32_4

  subroutine clq_source_read_int32_5(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    integer(int32), intent(inout), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_I32, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_int32_5

  subroutine clq_source_read_int64_1(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    integer(int64), intent(inout), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_I64, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_int64_1

  subroutine clq_source_read_int64_2(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    integer(int64), intent(inout), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_I64, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_int64_2

  subroutine clq_source_read_int64_3(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    integer(int64), intent(inout), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_I64, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_int64_3

  subroutine clq_source_read_int64_4(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    integer(int64), intent(inout), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_I64, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_int64_4

  subroutine clq_source_read_int64_5(self, samples, field, data, ierr)
    class(clq_source_arrays), intent(in) :: self
    integer(int64), intent(in), contiguous, dimension(:) :: samples
    character(*), intent(in) :: field
    integer(int64), intent(inout), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_read(self%handle, samples, field, c_loc(data), CLQ_I64, shape(data, c_int64_t), ierr)
  end subroutine clq_source_read_int64_5

  subroutine clq_batch_set_real32_1(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real32), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_F32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_real32_1

  subroutine clq_batch_set_real32_2(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real32), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_F32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_real32_2

  subroutine clq_batch_set_real32_3(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real32), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_F32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_real32_3

  subroutine clq_batch_set_real32_4(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real32), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_F32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_real32_4

  subroutine clq_batch_set_real32_5(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real32), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_F32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_real32_5

  subroutine clq_batch_set_real64_1(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real64), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_F64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_real64_1

  subroutine clq_batch_set_real64_2(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real64), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_F64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_real64_2

  subroutine clq_batch_set_real64_3(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real64), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_F64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_real64_3

  subroutine clq_batch_set_real64_4(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real64), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_F64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_real64_4

  subroutine clq_batch_set_real64_5(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real64), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_F64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_real64_5

  subroutine clq_batch_set_int16_1(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int16), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_I16, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_int16_1

  subroutine clq_batch_set_int16_2(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int16), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_I16, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_int16_2

  subroutine clq_batch_set_int16_3(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int16), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_I16, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_int16_3

  subroutine clq_batch_set_int16_4(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int16), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_I16, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_int16_4

  subroutine clq_batch_set_int16_5(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int16), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_I16, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_int16_5

  subroutine clq_batch_set_int32_1(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int32), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_I32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_int32_1

  subroutine clq_batch_set_int32_2(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int32), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_I32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_int32_2

  subroutine clq_batch_set_int32_3(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int32), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_I32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_int32_3

  subroutine clq_batch_set_int32_4(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int32), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_I32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_int32_4

  subroutine clq_batch_set_int32_5(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int32), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_I32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_int32_5

  subroutine clq_batch_set_int64_1(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int64), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_I64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_int64_1

  subroutine clq_batch_set_int64_2(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int64), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_I64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_int64_2

  subroutine clq_batch_set_int64_3(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int64), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_I64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_int64_3

  subroutine clq_batch_set_int64_4(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int64), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_I64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_int64_4

  subroutine clq_batch_set_int64_5(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int64), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_set(self%handle, name, c_loc(data), CLQ_I64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_set_int64_5

  subroutine clq_batch_get_real32_1(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real32), intent(inout), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_F32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_real32_1

  subroutine clq_batch_get_real32_2(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real32), intent(inout), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_F32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_real32_2

  subroutine clq_batch_get_real32_3(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real32), intent(inout), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_F32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_real32_3

  subroutine clq_batch_get_real32_4(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real32), intent(inout), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_F32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_real32_4

  subroutine clq_batch_get_real32_5(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real32), intent(inout), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_F32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_real32_5

  subroutine clq_batch_get_real64_1(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real64), intent(inout), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_F64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_real64_1

  subroutine clq_batch_get_real64_2(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real64), intent(inout), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_F64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_real64_2

  subroutine clq_batch_get_real64_3(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real64), intent(inout), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_F64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_real64_3

  subroutine clq_batch_get_real64_4(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real64), intent(inout), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_F64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_real64_4

  subroutine clq_batch_get_real64_5(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    real(real64), intent(inout), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_F64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_real64_5

  subroutine clq_batch_get_int16_1(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int16), intent(inout), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_I16, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_int16_1

  subroutine clq_batch_get_int16_2(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int16), intent(inout), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_I16, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_int16_2

  subroutine clq_batch_get_int16_3(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int16), intent(inout), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_I16, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_int16_3

  subroutine clq_batch_get_int16_4(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int16), intent(inout), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_I16, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_int16_4

  subroutine clq_batch_get_int16_5(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int16), intent(inout), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_I16, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_int16_5

  subroutine clq_batch_get_int32_1(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int32), intent(inout), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_I32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_int32_1

  subroutine clq_batch_get_int32_2(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int32), intent(inout), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_I32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_int32_2

  subroutine clq_batch_get_int32_3(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int32), intent(inout), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_I32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_int32_3

  subroutine clq_batch_get_int32_4(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int32), intent(inout), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_I32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_int32_4

  subroutine clq_batch_get_int32_5(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int32), intent(inout), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_I32, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_int32_5

  subroutine clq_batch_get_int64_1(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int64), intent(inout), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_I64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_int64_1

  subroutine clq_batch_get_int64_2(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int64), intent(inout), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_I64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_int64_2

  subroutine clq_batch_get_int64_3(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int64), intent(inout), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_I64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_int64_3

  subroutine clq_batch_get_int64_4(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int64), intent(inout), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_I64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_int64_4

  subroutine clq_batch_get_int64_5(self, name, data, ierr)
    class(clq_batch_arrays), intent(in) :: self
    character(*), intent(in) :: name
    integer(int64), intent(inout), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_get(self%handle, self%n, name, c_loc(data), CLQ_I64, shape(data, c_int64_t), ierr)
  end subroutine clq_batch_get_int64_5

  subroutine clq_model_get_real32_1(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real32), intent(inout), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%get', self%handle, state, c_loc(data), CLQ_F32, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_get_real32_1

  subroutine clq_model_get_real32_2(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real32), intent(inout), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%get', self%handle, state, c_loc(data), CLQ_F32, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_get_real32_2

  subroutine clq_model_get_real32_3(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real32), intent(inout), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%get', self%handle, state, c_loc(data), CLQ_F32, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_get_real32_3

  subroutine clq_model_get_real32_4(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real32), intent(inout), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%get', self%handle, state, c_loc(data), CLQ_F32, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_get_real32_4

  subroutine clq_model_get_real32_5(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real32), intent(inout), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%get', self%handle, state, c_loc(data), CLQ_F32, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_get_real32_5

  subroutine clq_model_get_real64_1(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real64), intent(inout), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%get', self%handle, state, c_loc(data), CLQ_F64, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_get_real64_1

  subroutine clq_model_get_real64_2(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real64), intent(inout), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%get', self%handle, state, c_loc(data), CLQ_F64, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_get_real64_2

  subroutine clq_model_get_real64_3(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real64), intent(inout), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%get', self%handle, state, c_loc(data), CLQ_F64, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_get_real64_3

  subroutine clq_model_get_real64_4(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real64), intent(inout), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%get', self%handle, state, c_loc(data), CLQ_F64, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_get_real64_4

  subroutine clq_model_get_real64_5(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real64), intent(inout), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%get', self%handle, state, c_loc(data), CLQ_F64, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_get_real64_5

  subroutine clq_model_set_real32_1(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real32), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%set', self%handle, state, c_loc(data), CLQ_F32, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_set_real32_1

  subroutine clq_model_set_real32_2(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real32), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%set', self%handle, state, c_loc(data), CLQ_F32, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_set_real32_2

  subroutine clq_model_set_real32_3(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real32), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%set', self%handle, state, c_loc(data), CLQ_F32, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_set_real32_3

  subroutine clq_model_set_real32_4(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real32), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%set', self%handle, state, c_loc(data), CLQ_F32, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_set_real32_4

  subroutine clq_model_set_real32_5(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real32), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%set', self%handle, state, c_loc(data), CLQ_F32, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_set_real32_5

  subroutine clq_model_set_real64_1(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real64), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%set', self%handle, state, c_loc(data), CLQ_F64, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_set_real64_1

  subroutine clq_model_set_real64_2(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real64), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%set', self%handle, state, c_loc(data), CLQ_F64, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_set_real64_2

  subroutine clq_model_set_real64_3(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real64), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%set', self%handle, state, c_loc(data), CLQ_F64, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_set_real64_3

  subroutine clq_model_set_real64_4(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real64), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%set', self%handle, state, c_loc(data), CLQ_F64, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_set_real64_4

  subroutine clq_model_set_real64_5(self, state, data, ierr)
    class(clq_model_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real64), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_model%set', self%handle, state, c_loc(data), CLQ_F64, size(data, kind=c_int64_t), ierr)
  end subroutine clq_model_set_real64_5

  subroutine clq_trainer_set_real32_1(self, state, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real32), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set', self%handle, state, c_loc(data), CLQ_F32, size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_real32_1

  subroutine clq_trainer_set_real32_2(self, state, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real32), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set', self%handle, state, c_loc(data), CLQ_F32, size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_real32_2

  subroutine clq_trainer_set_real32_3(self, state, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real32), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set', self%handle, state, c_loc(data), CLQ_F32, size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_real32_3

  subroutine clq_trainer_set_real32_4(self, state, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real32), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set', self%handle, state, c_loc(data), CLQ_F32, size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_real32_4

  subroutine clq_trainer_set_real32_5(self, state, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real32), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set', self%handle, state, c_loc(data), CLQ_F32, size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_real32_5

  subroutine clq_trainer_set_real64_1(self, state, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real64), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set', self%handle, state, c_loc(data), CLQ_F64, size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_real64_1

  subroutine clq_trainer_set_real64_2(self, state, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real64), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set', self%handle, state, c_loc(data), CLQ_F64, size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_real64_2

  subroutine clq_trainer_set_real64_3(self, state, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real64), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set', self%handle, state, c_loc(data), CLQ_F64, size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_real64_3

  subroutine clq_trainer_set_real64_4(self, state, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real64), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set', self%handle, state, c_loc(data), CLQ_F64, size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_real64_4

  subroutine clq_trainer_set_real64_5(self, state, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: state
    real(real64), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set', self%handle, state, c_loc(data), CLQ_F64, size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_real64_5

  subroutine clq_trainer_get_gradient_real32_1(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real32), intent(inout), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%get_gradient', self%handle, parameter, c_loc(data), CLQ_F32, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_get_gradient_real32_1

  subroutine clq_trainer_get_gradient_real32_2(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real32), intent(inout), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%get_gradient', self%handle, parameter, c_loc(data), CLQ_F32, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_get_gradient_real32_2

  subroutine clq_trainer_get_gradient_real32_3(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real32), intent(inout), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%get_gradient', self%handle, parameter, c_loc(data), CLQ_F32, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_get_gradient_real32_3

  subroutine clq_trainer_get_gradient_real32_4(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real32), intent(inout), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%get_gradient', self%handle, parameter, c_loc(data), CLQ_F32, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_get_gradient_real32_4

  subroutine clq_trainer_get_gradient_real32_5(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real32), intent(inout), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%get_gradient', self%handle, parameter, c_loc(data), CLQ_F32, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_get_gradient_real32_5

  subroutine clq_trainer_get_gradient_real64_1(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real64), intent(inout), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%get_gradient', self%handle, parameter, c_loc(data), CLQ_F64, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_get_gradient_real64_1

  subroutine clq_trainer_get_gradient_real64_2(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real64), intent(inout), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%get_gradient', self%handle, parameter, c_loc(data), CLQ_F64, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_get_gradient_real64_2

  subroutine clq_trainer_get_gradient_real64_3(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real64), intent(inout), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%get_gradient', self%handle, parameter, c_loc(data), CLQ_F64, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_get_gradient_real64_3

  subroutine clq_trainer_get_gradient_real64_4(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real64), intent(inout), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%get_gradient', self%handle, parameter, c_loc(data), CLQ_F64, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_get_gradient_real64_4

  subroutine clq_trainer_get_gradient_real64_5(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real64), intent(inout), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%get_gradient', self%handle, parameter, c_loc(data), CLQ_F64, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_get_gradient_real64_5

  subroutine clq_trainer_set_gradient_real32_1(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real32), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set_gradient', self%handle, parameter, c_loc(data), CLQ_F32, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_gradient_real32_1

  subroutine clq_trainer_set_gradient_real32_2(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real32), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set_gradient', self%handle, parameter, c_loc(data), CLQ_F32, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_gradient_real32_2

  subroutine clq_trainer_set_gradient_real32_3(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real32), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set_gradient', self%handle, parameter, c_loc(data), CLQ_F32, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_gradient_real32_3

  subroutine clq_trainer_set_gradient_real32_4(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real32), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set_gradient', self%handle, parameter, c_loc(data), CLQ_F32, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_gradient_real32_4

  subroutine clq_trainer_set_gradient_real32_5(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real32), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set_gradient', self%handle, parameter, c_loc(data), CLQ_F32, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_gradient_real32_5

  subroutine clq_trainer_set_gradient_real64_1(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real64), intent(in), contiguous, target :: data(:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set_gradient', self%handle, parameter, c_loc(data), CLQ_F64, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_gradient_real64_1

  subroutine clq_trainer_set_gradient_real64_2(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real64), intent(in), contiguous, target :: data(:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set_gradient', self%handle, parameter, c_loc(data), CLQ_F64, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_gradient_real64_2

  subroutine clq_trainer_set_gradient_real64_3(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real64), intent(in), contiguous, target :: data(:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set_gradient', self%handle, parameter, c_loc(data), CLQ_F64, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_gradient_real64_3

  subroutine clq_trainer_set_gradient_real64_4(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real64), intent(in), contiguous, target :: data(:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set_gradient', self%handle, parameter, c_loc(data), CLQ_F64, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_gradient_real64_4

  subroutine clq_trainer_set_gradient_real64_5(self, parameter, data, ierr)
    class(clq_trainer_arrays), intent(in) :: self
    character(*), intent(in) :: parameter
    real(real64), intent(in), contiguous, target :: data(:,:,:,:,:)
    integer, intent(out), optional :: ierr
    call call_state('clq_trainer%set_gradient', self%handle, parameter, c_loc(data), CLQ_F64, &
      size(data, kind=c_int64_t), ierr)
  end subroutine clq_trainer_set_gradient_real64_5

  subroutine clq_model_predict_real32_1_1(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real32), intent(in), contiguous :: x(:)
    real(real32), intent(inout), contiguous :: y(:)
    integer, intent(out), optional :: ierr
    call predict_real32(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real32_1_1

  subroutine clq_model_predict_real32_1_2(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real32), intent(in), contiguous :: x(:)
    real(real32), intent(inout), contiguous :: y(:,:)
    integer, intent(out), optional :: ierr
    call predict_real32(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real32_1_2

  subroutine clq_model_predict_real32_2_1(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real32), intent(in), contiguous :: x(:,:)
    real(real32), intent(inout), contiguous :: y(:)
    integer, intent(out), optional :: ierr
    call predict_real32(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real32_2_1

  subroutine clq_model_predict_real32_2_2(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real32), intent(in), contiguous :: x(:,:)
    real(real32), intent(inout), contiguous :: y(:,:)
    integer, intent(out), optional :: ierr
    call predict_real32(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real32_2_2

  subroutine clq_model_predict_real32_3_1(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real32), intent(in), contiguous :: x(:,:,:)
    real(real32), intent(inout), contiguous :: y(:)
    integer, intent(out), optional :: ierr
    call predict_real32(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real32_3_1

  subroutine clq_model_predict_real32_3_2(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real32), intent(in), contiguous :: x(:,:,:)
    real(real32), intent(inout), contiguous :: y(:,:)
    integer, intent(out), optional :: ierr
    call predict_real32(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real32_3_2

  subroutine clq_model_predict_real32_4_1(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real32), intent(in), contiguous :: x(:,:,:,:)
    real(real32), intent(inout), contiguous :: y(:)
    integer, intent(out), optional :: ierr
    call predict_real32(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real32_4_1

  subroutine clq_model_predict_real32_4_2(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real32), intent(in), contiguous :: x(:,:,:,:)
    real(real32), intent(inout), contiguous :: y(:,:)
    integer, intent(out), optional :: ierr
    call predict_real32(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real32_4_2

  subroutine clq_model_predict_real32_5_1(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real32), intent(in), contiguous :: x(:,:,:,:,:)
    real(real32), intent(inout), contiguous :: y(:)
    integer, intent(out), optional :: ierr
    call predict_real32(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real32_5_1

  subroutine clq_model_predict_real32_5_2(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real32), intent(in), contiguous :: x(:,:,:,:,:)
    real(real32), intent(inout), contiguous :: y(:,:)
    integer, intent(out), optional :: ierr
    call predict_real32(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real32_5_2

  subroutine clq_model_predict_real64_1_1(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real64), intent(in), contiguous :: x(:)
    real(real64), intent(inout), contiguous :: y(:)
    integer, intent(out), optional :: ierr
    call predict_real64(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real64_1_1

  subroutine clq_model_predict_real64_1_2(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real64), intent(in), contiguous :: x(:)
    real(real64), intent(inout), contiguous :: y(:,:)
    integer, intent(out), optional :: ierr
    call predict_real64(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real64_1_2

  subroutine clq_model_predict_real64_2_1(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real64), intent(in), contiguous :: x(:,:)
    real(real64), intent(inout), contiguous :: y(:)
    integer, intent(out), optional :: ierr
    call predict_real64(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real64_2_1

  subroutine clq_model_predict_real64_2_2(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real64), intent(in), contiguous :: x(:,:)
    real(real64), intent(inout), contiguous :: y(:,:)
    integer, intent(out), optional :: ierr
    call predict_real64(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real64_2_2

  subroutine clq_model_predict_real64_3_1(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real64), intent(in), contiguous :: x(:,:,:)
    real(real64), intent(inout), contiguous :: y(:)
    integer, intent(out), optional :: ierr
    call predict_real64(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real64_3_1

  subroutine clq_model_predict_real64_3_2(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real64), intent(in), contiguous :: x(:,:,:)
    real(real64), intent(inout), contiguous :: y(:,:)
    integer, intent(out), optional :: ierr
    call predict_real64(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real64_3_2

  subroutine clq_model_predict_real64_4_1(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real64), intent(in), contiguous :: x(:,:,:,:)
    real(real64), intent(inout), contiguous :: y(:)
    integer, intent(out), optional :: ierr
    call predict_real64(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real64_4_1

  subroutine clq_model_predict_real64_4_2(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real64), intent(in), contiguous :: x(:,:,:,:)
    real(real64), intent(inout), contiguous :: y(:,:)
    integer, intent(out), optional :: ierr
    call predict_real64(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real64_4_2

  subroutine clq_model_predict_real64_5_1(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real64), intent(in), contiguous :: x(:,:,:,:,:)
    real(real64), intent(inout), contiguous :: y(:)
    integer, intent(out), optional :: ierr
    call predict_real64(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real64_5_1

  subroutine clq_model_predict_real64_5_2(self, x, y, ierr)
    class(clq_model_arrays), intent(in) :: self
    real(real64), intent(in), contiguous :: x(:,:,:,:,:)
    real(real64), intent(inout), contiguous :: y(:,:)
    integer, intent(out), optional :: ierr
    call predict_real64(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)
  end subroutine clq_model_predict_real64_5_2
end module calanque_arrays
