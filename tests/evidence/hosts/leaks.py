# tests/evidence/hosts/leaks.py -- the host programs under AddressSanitizer and LeakSanitizer.
# SPDX-License-Identifier: BSD-3-Clause
"""The programs of projects/deepdip/hosts and the tours of tests/hosts/guest, with the library and plugins of the preset
asan: the folder asan beside --build, used as it is where --build is of another tree, else configured and built first. The
sanitizers' runtime is loaded first, so that interpreters can be hosts as well. All memory that a process asks for is seen;
reads and writes are checked in the library and its plugins.

A record counts that has a frame of ours: of the library, a plugin or the library of a binding, or of the sources of a binding
that are compiled into the program. What gfortran, GDL or Python leave at their ends is told and does not count. Of GDL 12 frames
a record are kept, since 5000 different ones are all that a process tells, and the start of GDL is left out; a stand-in keeps it
from starting GTK, which waits forever for a lock of the C library's under this runtime.

Controls: a library before ours that forgets memory behind each call, in each host; one that writes behind what it asked for.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import types

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "foundations"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from installed import NEEDS, PROGRAMS, PYTHON, Installed, last_line  # noqa: E402
from evidence import ROOT, Check, run  # noqa: E402
from tours import LAST, Tours  # noqa: E402
import sanitizers  # noqa: E402
import spying  # noqa: E402

COMPILED = {"C": (["cc", "-std=c99"], "deepdip.c", "calanque"), "C++": (["c++", "-std=c++17"], "deepdip.cpp", "calanque"),
            "Fortran 2008": (["gfortran"], "deepdip.f90", "calanque-fortran"),
            "F77 style": (["gfortran"], "deepdip_f77.f", "calanque-fortran")}
FRAME = re.compile(r"^ *frame \d+ (\S+) (\S+) ?(.*)$", re.MULTILINE)  # module, function, source
OURS = re.compile(r"/lib(calanque|clq_)[^/]*\.so|/lib/calanque/|/capi/bindings/|/include/calanque/")
OUR_FUNCTION = re.compile(r"^(__calanque|calanque::|clq)")
RECORD = re.compile(r"^(?=Direct leak|Indirect leak|==\d+==ERROR: AddressSanitizer: |.*: runtime error: )", re.MULTILINE)
OPTIONS = "detect_leaks=1:exitcode=0:intercept_tls_get_addr=0:fast_unwind_on_malloc=0:max_leaks=0"
NO_WIDGETS = "_Bool _ZN9GDLWidget6InitWxEv(void);\n_Bool _ZN9GDLWidget6InitWxEv(void) { return 0; }\n"


def sanitized(check):
    return check.build.parent / "asan"


def is_built(folder):
    return (folder / "lib/libcalanque.so").exists()


class Hosts:
    def __init__(self, check):
        self.check, build = check, sanitized(check)
        if check.full and (build == ROOT / "build/asan" or not is_built(build)):
            build = sanitizers.configure("asan")
            sanitizers.build("asan")
        self.installed = Installed(types.SimpleNamespace(build=build, work=check.work))
        self.leaky = spying.build(check, self.installed, "libcalanque_leaky.so")
        self.tours = Tours(check.work, self.installed, ("-O1", "-g"))
        # The second for its __cxa_throw, which the first looks for when it is loaded.
        self.runtime = [run(["gcc", f"-print-file-name={name}"]).stdout.strip() for name in ("libasan.so", "libstdc++.so.6")]

    def deepdip(self, language):
        if language == "GDL":
            return ["gdl", "-q", "--no-use-wx", "-e", "deepdip", "-args"]
        if language == "Python":
            return [PYTHON, PROGRAMS / "deepdip.py"]
        compiler, source, package = COMPILED[language]
        program = self.check.work / f"program-{source.replace('.', '-')}"
        self.installed.must(run([*compiler, "-O1", "-g", PROGRAMS / source, "-o", program, *self.installed.flags(package)]),
                            f"building {source}")
        return [program]

    def without_widgets(self):
        source, path = self.check.work / "no_widgets.c", self.check.work / "libno_widgets.so"
        source.write_text(NO_WIDGETS, encoding="utf-8")
        self.installed.must(run(["cc", "-shared", "-fPIC", source, "-o", path]), "building no_widgets.c")
        return str(path)

    def environment(self, language, folder, planted):
        given, before = self.tours.environment(folder), list(self.runtime)
        more, options = "", f'{OPTIONS}:log_path={folder}/record:stack_trace_format="frame %n %m %f %s"'
        if language == "GDL":
            before.append(self.without_widgets())
            (folder / "suppressions").write_text("leak:^LibInit\nleak:^InitGDL\n", encoding="utf-8")
            more = ":malloc_context_size=12"
            given["LSAN_OPTIONS"] = f"suppressions={folder}/suppressions"
        if planted:
            before.append(str(self.leaky))
            given |= {"PLANT": planted, "CALANQUE_LIB": str(self.leaky)}
        return given | {"LD_PRELOAD": ":".join(before), "ASAN_OPTIONS": options + more,
                        "UBSAN_OPTIONS": f'print_stacktrace=1:log_path={folder}/record:stack_trace_format="frame %n %m %f %s"'}

    def begins(self, language):
        """Whether an interpreter comes to its first line under the runtime."""
        if language in COMPILED:
            return True
        folder = self.check.work / f"begins-{language}"
        folder.mkdir()
        (folder / "leave.pro").write_text("exit\n", encoding="utf-8")
        leave = ["-q", "--no-use-wx", folder / "leave.pro"] if language == "GDL" else ["-c", "pass"]
        try:
            done = run([NEEDS[language], *leave], env=self.environment(language, folder, ""), stdin=subprocess.DEVNULL,
                       timeout=60)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def records(self, language, planted):
        """What the sanitizers had to say of the two programs, a text each."""
        folder = self.check.work / f"{language}-{planted}".replace(" ", "-")
        (folder / "tour").mkdir(parents=True)
        program = [*self.deepdip(language), 1, self.check.seed, folder, 1]
        return [*self.records_of(program, ROOT, folder / "model.safetensors", self.environment(language, folder, planted)),
                *self.records_of(self.tours.command(language), folder / "tour", folder / "tour" / LAST,
                                 self.environment(language, folder / "tour", planted))]

    @staticmethod
    def records_of(command, folder, left, environment):
        """left: a file that is there when the program came to its end, which an error of memory may keep it from."""
        done = run(command, cwd=folder, stdin=subprocess.DEVNULL, env=environment, timeout=600)
        text = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in left.parent.glob("record.*"))
        found = RECORD.split(text)[1:]
        blind = "Too many leaks" in text or "LeakSanitizer has encountered a fatal error" in done.stderr + text
        if blind or (not left.exists() and not any(map(our_frame, found))):
            sys.exit(f"leaks: {command[0]}: {last_line(done)}")
        return found


def our_frame(record):
    """The first of a record, by its library and function; none where it has none."""
    for module, function, source in FRAME.findall(record):
        if OURS.search(module) or OURS.search(source) or OUR_FUNCTION.match(function):
            return f"{function} of {pathlib.Path(module).name}"
    return ""


def tell(check, hosts, language, planted=""):
    found = hosts.records(language, planted)
    ours = [record for record in found if our_frame(record)]
    first = f"; {ours[0].splitlines()[0][:90]} {our_frame(ours[0])}" if ours else ""
    behind = f", with {planted}" if planted else ""
    check.line(not ours, f"{language}: records of leaks and errors with a frame of ours, of two programs{behind}",
               f"{len(ours)}; without one {len(found) - len(ours)}{first}", "0")


def main():
    check = Check(__doc__, knows_full=True)
    if not check.full and not (check.controls and is_built(sanitized(check))):
        check.skip("records of leaks and errors with a frame of ours",
                   "needs the library built with sanitizers, which takes long: --full")
        check.exit()
    hosts = Hosts(check)
    for language, needed in NEEDS.items():
        if shutil.which(needed) is None or not hosts.begins(language):
            check.skip(f"{language}: records of leaks and errors with a frame of ours",
                       f"there is no {needed} here, or it does not begin under the sanitizers' runtime")
        else:
            tell(check, hosts, language, "leak" if check.controls else "")
    if check.controls:
        tell(check, hosts, "C", "overrun")
    check.exit()


main()
