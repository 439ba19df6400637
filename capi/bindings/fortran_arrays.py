# capi/bindings/fortran_arrays.py -- calanque_arrays.f90: the same procedure for each kind and rank of an array.
# SPDX-License-Identifier: BSD-3-Clause
"""Fortran resolves a generic name by kind and rank, so that each pair needs a specific procedure. All of one sort differ
in a declaration alone; what they do is in calanque_calls.f90.
"""
from dataclasses import dataclass

WHAT = "arrays of every kind and rank, on their way to the calls."
KINDS = {"real32": ("real", "CLQ_F32"), "real64": ("real", "CLQ_F64"), "int16": ("integer", "CLQ_I16"),
         "int32": ("integer", "CLQ_I32"), "int64": ("integer", "CLQ_I64")}
RANKS = range(1, 6)
REALS = ("real32", "real64")
ABOUT = """\
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
"""


@dataclass(frozen=True)
class Sort:
    type: str
    name: str
    comment: str
    arguments: tuple  # (name, declaration) before the array
    intent: str
    call: str
    kinds: tuple = tuple(KINDS)
    pointer: bool = False


TEXT = "character(*), intent(in)"
SORTS = (
    Sort("source", "add", "A field of the source, copied.", (("field", TEXT),), "in",
         "call_add(self%handle, field, c_loc(data), {dtype}, shape(data, c_int64_t), .false., ierr)"),
    Sort("source", "borrow", "The same without a copy: `data` must outlive the source and its trainers.", (("field", TEXT),), "in",
         "call_add(self%handle, field, c_loc(data), {dtype}, shape(data, c_int64_t), .true., ierr)", pointer=True),
    Sort("source", "read", "Of these samples, counted from 0, in the field's own kind; another is refused.",
         (("samples", "integer(int64), intent(in), contiguous, dimension(:)"), ("field", TEXT)), "inout",
         "call_read(self%handle, samples, field, c_loc(data), {dtype}, shape(data, c_int64_t), ierr)"),
    Sort("batch", "set", "An input of every sample, or one of its columns.", (("name", TEXT),), "in",
         "call_set(self%handle, name, c_loc(data), {dtype}, shape(data, c_int64_t), ierr)"),
    Sort("batch", "get", "An output of every sample, converted.", (("name", TEXT),), "inout",
         "call_get(self%handle, self%n, name, c_loc(data), {dtype}, shape(data, c_int64_t), ierr)"),
    Sort("model", "get", "A state by its name, converted.", (("state", TEXT),), "inout",
         "call_state('clq_model%get', self%handle, state, c_loc(data), {dtype}, size(data, kind=c_int64_t), ierr)", REALS),
    Sort("model", "set", "A state by its name, while no trainer holds the model.", (("state", TEXT),), "in",
         "call_state('clq_model%set', self%handle, state, c_loc(data), {dtype}, size(data, kind=c_int64_t), ierr)", REALS),
    Sort("trainer", "set", "A state of the model, between two steps.", (("state", TEXT),), "in",
         "call_state('clq_trainer%set', self%handle, state, c_loc(data), {dtype}, size(data, kind=c_int64_t), ierr)", REALS),
    Sort("trainer", "get_gradient", "Of a parameter, behind gradients.", (("parameter", TEXT),), "inout",
         "call_state('clq_trainer%get_gradient', self%handle, parameter, c_loc(data), {dtype}, &\n"
         "      size(data, kind=c_int64_t), ierr)", REALS),
    Sort("trainer", "set_gradient", "In its place, before apply.", (("parameter", TEXT),), "in",
         "call_state('clq_trainer%set_gradient', self%handle, parameter, c_loc(data), {dtype}, &\n"
         "      size(data, kind=c_int64_t), ierr)", REALS))


def colons(rank):
    return "(" + ",".join(":" * rank) + ")"


def names(sort, kind):
    return [f"clq_{sort.type}_{sort.name}_{kind}_{rank}" for rank in RANKS]


def predict_names(kind):
    return [f"clq_model_predict_{kind}_{rank}_{out}" for rank in RANKS for out in (1, 2)]


def bindings(generic, specifics):
    pairs = [", ".join(specifics[at:at + 2]) for at in range(0, len(specifics), 2)]
    return [f"    procedure :: {pair}" for pair in pairs] + [f"    generic :: {generic} => {pair}" for pair in pairs]


def type_of(name):
    lines = ["", f"  type :: clq_{name}_arrays", "    integer(c_int64_t) :: handle = 0   ! the C API's; 0: none"]
    if name == "batch":
        lines.append("    integer(c_int64_t) :: n = 0        ! samples")
    lines.append("  contains")
    for sort in (s for s in SORTS if s.type == name):
        lines.append(f"    ! {sort.comment}")
        for kind in sort.kinds:
            lines += bindings(sort.name, names(sort, kind))
    if name == "model":
        lines += ["    ! One input and the prediction, of each sample one value or several; NaN: no answer. The network computes in",
                  "    ! real32: real64 is converted to it on the way in and from it on the way out."]
        for kind in REALS:
            lines += bindings("predict", predict_names(kind))
    return lines + [f"  end type clq_{name}_arrays"]


def procedure(sort, kind, rank):
    base, dtype = KINDS[kind]
    listed = ", ".join(["self", *(n for n, _ in sort.arguments), "data", "ierr"])
    name = f"clq_{sort.type}_{sort.name}_{kind}_{rank}"
    attributes = "pointer, contiguous" if sort.pointer else "contiguous, target"
    return ["", f"  subroutine {name}({listed})", f"    class(clq_{sort.type}_arrays), intent(in) :: self",
            *(f"    {declared} :: {n}" for n, declared in sort.arguments),
            f"    {base}({kind}), intent({sort.intent}), {attributes} :: data{colons(rank)}",
            "    integer, intent(out), optional :: ierr", f"    call {sort.call.format(dtype=dtype)}",
            f"  end subroutine {name}"]


def predict(kind, rank, out):
    name = f"clq_model_predict_{kind}_{rank}_{out}"
    return ["", f"  subroutine {name}(self, x, y, ierr)", "    class(clq_model_arrays), intent(in) :: self",
            f"    real({kind}), intent(in), contiguous :: x{colons(rank)}",
            f"    real({kind}), intent(inout), contiguous :: y{colons(out)}",
            "    integer, intent(out), optional :: ierr",
            f"    call predict_{kind}(self%handle, x, shape(x, c_int64_t), y, shape(y, c_int64_t), ierr)",
            f"  end subroutine {name}"]


def lines():
    out = ABOUT.splitlines()
    for name in ("source", "batch", "model", "trainer"):
        out += type_of(name)
    out += ["", "contains"]
    for sort in SORTS:
        for kind in sort.kinds:
            for rank in RANKS:
                out += procedure(sort, kind, rank)
    for kind in REALS:
        for rank in RANKS:
            for values in (1, 2):
                out += predict(kind, rank, values)
    return out + ["end module calanque_arrays", ""]
