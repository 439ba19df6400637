# capi/bindings/fortran_f77.py -- calanque_f77.f90: an external subroutine of six letters for each function of calanque.h.
# SPDX-License-Identifier: BSD-3-Clause
"""A function without a name here is an error. Where data have a dtype there is one subroutine for each kind, as in cfitsio,
for a program may not call one external with arrays of two types; the last letter is E D I J K.
"""
WHAT = "subroutines of six letters for programs in the manner of FORTRAN 77."
NAMES = {
    "log_level": "lvl", "log_next": "log", "plugins_load": "pld", "plugins_report": "prp", "plugins_files": "pfl",
    "plugin_probe": "ppb", "devices_report": "dev", "config_load": "cld", "config_parse": "cpa", "config_set": "cst",
    "config_get": "cgt", "config_dump": "cdm", "config_close": "ccl", "source_open": "sop", "source_from_config": "scf",
    "source_for_model": "smo", "source_for_model_with": "smw", "source_create": "scr", "source_add": "sa",
    "source_count": "sct", "source_describe": "sds", "source_locate": "slc", "source_dtype": "sdt", "source_read": "sr",
    "source_write": "swr", "source_find": "sfi", "source_scan": "ssc", "source_scanned": "ssn", "source_look": "slk",
    "order_at": "ord", "source_close": "scl", "model_create": "mcr", "model_load": "mld", "model_fit": "mfi",
    "model_save": "msv", "model_check": "mck", "model_describe": "mds", "model_id": "mid", "model_cards": "mca",
    "model_n_parameters": "mnp", "model_get": "mg", "model_set": "ms", "model_close": "mcl", "batch_create": "bcr",
    "batch_set": "bs", "batch_describe": "bds", "predict_batch": "bpr", "batch_get": "bg", "batch_status": "bst",
    "batch_close": "bcl",
    "predict": "prd", "predict_to": "pto", "evaluate": "eva", "result_text": "rtx", "result_close": "rcl",
    "trainer_create": "trn", "trainer_resume": "trs", "trainer_resume_to": "trt", "trainer_run": "run",
    "trainer_steps": "stp", "trainer_batch": "tba", "trainer_gradients": "tgr", "gradient_get": "gg",
    "gradient_set": "gs", "trainer_apply": "tap", "trainer_set": "ts", "trainer_model": "tmo", "trainer_get": "tgt",
    "trainer_metrics": "tmt", "trainer_checkpoint": "tck", "trainer_stop": "tsp", "trainer_close": "tcl"}
BY_HAND = {"version", "error_text", "error_code"}  # calanque_f77_calls.f90
# The same function once more, under another name and with arguments left out or given.
ALSO = (("opn", "model_load", {"options_json": None}), ("sb", "source_add", {"borrow": "1_c_int32_t"}))
GIVEN = {"source_add": {"borrow": "0_c_int32_t"}}
# What is positive and no error comes in an argument of its own, so that ier stays 0.
TELLS = {"source_find": "nmore", "trainer_run": "iend", "trainer_steps": "iend", "trainer_batch": "iend",
         "trainer_apply": "iend"}
KINDS = {"e": ("real(c_float)", "CLQ_F32"), "d": ("real(c_double)", "CLQ_F64"), "i": ("integer(c_int16_t)", "CLQ_I16"),
         "j": ("integer(c_int32_t)", "CLQ_I32"), "k": ("integer(c_int64_t)", "CLQ_I64")}
REALS_ONLY = {"model_get", "model_set", "gradient_get", "gradient_set", "trainer_set"}
SMALL = "integer(c_int32_t), intent(in)"
ABOUT = """\
!
! ier is the last argument, and inherited: a call does nothing where it is not 0 on entry; 0 or a negative CLQ_E_* on return.
! A close always closes, and leaves ier and the words of the error as they were. Handles are INTEGER*8, all other integers
! INTEGER*4, reals REAL*4 or REAL*8. CHARACTER*(*) in: trailing blanks do not count, all blank is none; out: padded with
! blanks, its length in the argument behind it, and one that does not fit is an error. Samples count from 0. naxes(1) is the
! fastest axis; of clqsa. and clqsb. the axes of one sample, of clqbs. those of the batch, the number of samples last.
"""


class Subroutine:
    """Gathers what one subroutine is made of, argument after argument."""

    def __init__(self, function, name, given, kind):
        self.name, self.given, self.kind = name, given, kind
        self.short = function.name.removeprefix("clq_")
        self.function = function
        self.dummies, self.declared, self.local, self.before, self.passed, self.after = [], [], [], [], [], []
        for argument in function.arguments:
            self.take(argument)

    def dummy(self, name, declaration):
        self.dummies.append(name)
        self.declared.append(f"{declaration} :: {name}")

    def take(self, a):
        if a.name in self.given:
            if self.given[a.name] is not None:
                self.passed.append(f"{a.name}={self.given[a.name]}")
        elif a.name == "dtype" and a.role == "value":
            self.passed.append(f"dtype={KINDS[self.kind][1]}")
        elif a.name in ("rank", "dims"):
            self.axes(a.name)
        elif a.name == "capacity":
            self.passed.append("capacity=len(buffer, c_int64_t)")
        elif a.name == "bytes":
            self.dummy("ndata", SMALL)
            self.passed.append(f"bytes=int(ndata, c_int64_t)*bytes_of({KINDS[self.kind][1]})")
        else:
            getattr(self, a.role)(a)

    def axes(self, name):
        if name == "rank":
            self.dummy("naxis", SMALL)
            self.passed.append("rank=naxis")
        else:
            self.dummies.append("naxes")
            self.declared.append("integer(c_int32_t), intent(in) :: naxes(*)")
            self.passed.append("dims=int(naxes(naxis:1:-1), c_int64_t)")

    def text(self, a):
        self.dummy(a.name, "character(*), intent(in)")
        if not a.empty_is_none:
            self.passed.append(f"{a.name}=c_text({a.name})")
            return
        self.local.append(f"character(:), allocatable :: {a.name}_c")
        self.before.append(f"if ({a.name} /= ' ') {a.name}_c = c_text({a.name})")
        self.passed.append(f"{a.name}={a.name}_c")

    def buffer(self, a):
        self.dummy(a.name, "character(*), intent(inout)")
        self.dummy("n" + a.name, "integer(c_int32_t), intent(inout)")
        self.local.append(f"character(len({a.name}) + 1) :: buffer")
        self.passed.append(f"{a.name}=buffer")
        self.after.append(f"call tell('{self.name}', answer, buffer, {a.name}, n{a.name}, ier)")

    def value(self, a):
        wide = {"handle": "integer(c_int64_t), intent(in)", "f64": "real(c_double), intent(in)"}.get(a.type)
        self.dummy(a.name, wide or SMALL)
        self.passed.append(f"{a.name}=" + (f"int({a.name}, c_int64_t)" if a.type in ("i64", "u64") else a.name))

    def out(self, a):
        if a.type != "i64":
            self.dummy(a.name, {"handle": "integer(c_int64_t)", "f64": "real(c_double)", "i32": "integer(c_int32_t)"}[a.type]
                       + ", intent(inout)")
            self.passed.append(f"{a.name}={a.name}")
            return
        self.dummy(a.name, "integer(c_int32_t), intent(inout)")
        self.local.append(f"integer(c_int64_t) :: {a.name}_c")
        self.before.append(f"{a.name}_c = {a.name}")
        self.passed.append(f"{a.name}={a.name}_c")
        self.after.append(f"call count('{self.name}', {a.name}_c, {a.name}, ier)")

    def array(self, a, intent="in"):
        if a.type == "bytes":
            self.declared.append(f"{KINDS[self.kind][0]}, intent({intent}), target :: {a.name}(*)")
            self.passed.append(f"{a.name}=c_loc({a.name})")
        elif a.type == "i64":
            self.declared.append(f"integer(c_int32_t), intent(in) :: {a.name}(*)")
            self.passed.append(f"{a.name}=int({a.name}(:n), c_int64_t)")
        else:
            kind = {"handle": "integer(c_int64_t)", "f32": "real(c_float)", "i32": "integer(c_int32_t)"}[a.type]
            self.declared.append(f"{kind}, intent({intent}) :: {a.name}(*)")
            self.passed.append(f"{a.name}={a.name}")
        self.dummies.append(a.name)

    def out_array(self, a):
        self.array(a, "inout")

    def answered(self):
        """How the answer becomes ier, and an argument of its own."""
        if self.short == "model_n_parameters":
            self.dummy("n", "integer(c_int32_t), intent(inout)")
            return ["call ended(answer, ier)", f"if (ier == 0) call count('{self.name}', answer, n, ier)"]
        if self.after and "tell" in self.after[0]:
            return self.after
        lines = ["call ended(answer, ier)"]
        if self.short in TELLS:
            self.dummy(TELLS[self.short], "integer(c_int32_t), intent(inout)")
            lines.append(f"if (ier == 0) {TELLS[self.short]} = int(answer, c_int32_t)")
        return lines + [f"if (ier == 0) {line}" for line in self.after]

    def call(self):
        separator = ", &\n      "
        arguments = separator.join(", ".join(self.passed[at:at + 3]) for at in range(0, len(self.passed), 3))
        return f"c_{self.short}({arguments})"

    def checks(self):
        if self.short != "source_read":
            return []
        return [f"if (.not. is_field_of(source, field, {KINDS[self.kind][1]}, ier)) return"]

    def lines(self):
        closes = self.short.endswith("_close")
        void = self.function.returns == "void"
        if closes:
            handle = self.function.arguments[0].name
            self.declared = [f"integer(c_int64_t), intent(inout) :: {handle}"]
            body = [f"call {self.call()}", f"{handle} = 0", "if (ier /= 0) return"]
        elif void:
            body = ["if (ier /= 0) return", f"call {self.call()}"]
        else:
            answered = self.answered()
            self.local.append("integer(c_int64_t) :: answer")
            body = ["if (ier /= 0) return", *self.checks(), *self.before, f"answer = {self.call()}", *answered]
        self.dummy("ier", "integer(c_int32_t), intent(inout)")
        if closes:
            body = body[:-1]
            self.declared[-1] = "integer(c_int32_t) :: ier   ! left as it is"
        out = ["", f"! {self.function.name}", f"subroutine {self.name}({', '.join(self.dummies)})",
               "  use calanque_f77_calls", "  implicit none"]
        out += [f"  {line}" for line in self.declared + self.local + body]
        return out + [f"end subroutine {self.name}"]


def subroutines(function, stem, given):
    short = function.name.removeprefix("clq_")
    typed = any(a.type == "bytes" for a in function.arguments)
    kinds = ("" if not typed else "ed" if short in REALS_ONLY else "edijk") or [""]
    out = []
    for kind in kinds:
        name = "clq" + stem + kind
        if len(name) != 6:
            raise ValueError(f"{function.name}: {name} has not six letters")
        out.append((name, Subroutine(function, name, given, kind).lines()))
    return out


def lines(header):
    known = {f.name.removeprefix("clq_"): f for f in header.functions}
    missing = set(known) ^ (set(NAMES) | BY_HAND)
    if missing:
        raise ValueError(f"fortran_f77.py: no name for, or no function of: {', '.join(sorted(missing))}")
    made = []
    for short, function in known.items():
        if short not in BY_HAND:
            made += subroutines(function, NAMES[short], GIVEN.get(short, {}))
        for stem, again, given in ALSO:
            if again == short:
                made += subroutines(function, stem, given)
    names = [name for name, _ in made]
    if len(set(names)) != len(names):
        raise ValueError("fortran_f77.py: two subroutines have one name")
    out = ABOUT.splitlines()
    for _, text in made:
        out += text
    return [line for text in out for line in text.split("\n")] + [""]
