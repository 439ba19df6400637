# tests/evidence/foundations/abi.py -- breaks of the interface in C, each of which the gates must catch.
# SPDX-License-Identifier: BSD-3-Clause
"""Breaks a copy of the headers in one way after the other and asks the gates of tests/abi about each. Then makes libraries
and headers with one defect each, for the gates that look at files.

Control: gates whose snapshot was taken of the broken headers, today's headers with a break, files without a defect.
"""
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check, run  # noqa: E402
from abi_libraries import uncaught  # noqa: E402

ABI = ROOT / "tests/abi"
EDITION = "0.1"
BOTH = {"layout", "functions"}
ONE = {"layout"}
# what, the gates that must see it, header, pattern, replacement
BREAKS = [
    ("a member is moved", ONE, "plugin/backend.h",
     r"(uint32_t +score;[^\n]*\n)( +char +reason\[120\];[^\n]*\n)", r"\2\1"),
    ("a member is put in between", ONE, "plugin/data_source.h",
     r"(  int64_t +n_samples; )", r"  int64_t n_blocks;\n \1"),
    ("a member grows", ONE, "plugin/entry.h",
     r"uint16_t +abi_major, abi_minor;( +/\* newest)", r"uint32_t abi_major, abi_minor;\1"),
    ("a member is taken out", ONE, "plugin/data_source.h", r" +uint32_t +reader, n_readers;[^\n]*\n", ""),
    ("a member changes its type, not its size", ONE, "plugin/abi.h", r"int32_t +dtype, rank;", "uint32_t dtype, rank;"),
    ("a table gains a slot that nobody wrote down", ONE, "plugin/data_sink.h",
     r"(void +\(CLQ_CALL \*discard\)[^\n]*\n)", r"\1   void (CLQ_CALL *flush)(clq_sink *);\n"),
    ("a slot takes another argument", ONE, "plugin/backend.h",
     r"\(CLQ_CALL \*open\)\(uint32_t device,", "(CLQ_CALL *open)(uint32_t device, uint32_t flags,"),
    ("dtypes are numbered anew", ONE, "types.h",
     r"CLQ_F16 = 1, CLQ_BF16, CLQ_F32,", "CLQ_F16 = 1, CLQ_F32, CLQ_BF16,"),
    ("a status has another number", ONE, "types.h", r"CLQ_E_NOMEM +-3", "CLQ_E_NOMEM -16"),
    ("an identifier is spelt otherwise", ONE, "plugin/backend.h",
     r'(BACKEND_ID +)"clq.backend/1"', r'\1"clq.backend/2"'),
    ("a flag has another bit", ONE, "plugin/backend.h", r"CLQ_SEG_STRICT_F32 = 4", "CLQ_SEG_STRICT_F32 = 8"),
    ("an entry is filled in otherwise", ONE, "plugin/entry.h",
     r"(CLQ_ABI_MAJOR, )CLQ_ABI_NEEDED(, id, version)", r"\1CLQ_ABI_MINOR\2"),
    ("a function is added that nobody wrote down", BOTH, "calanque.h",
     r"(CLQ_API clq_status  clq_error_code\(void\);)", r"\1\nCLQ_API clq_status clq_more(void);"),
    ("a function is taken out", BOTH, "calanque.h", r"CLQ_API clq_status  clq_error_code\(void\);[^\n]*\n", ""),
    ("a function takes another argument", BOTH, "calanque.h",
     r"clq_plugins_load\(const char \*path\)", "clq_plugins_load(const char *path, int32_t how)"),
    ("a handle is narrower", BOTH, "calanque.h", r"typedef int64_t clq_handle;", "typedef int32_t clq_handle;"),
    ("the minor is raised and nothing kept", ONE, "plugin/abi.h", r"(CLQ_ABI_MINOR) 1 ", r"\1 2 "),
]


def broken(check, number, header, pattern, replacement):
    """A copy of the headers with one break."""
    include = check.work / f"break-{number}"
    shutil.copytree(ROOT / "capi/include/calanque", include / "calanque")
    path = include / "calanque" / header
    text, times = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), count=1)
    if times != 1:
        sys.exit(f"abi: {header}: nothing matches {pattern}")
    path.write_text(text, encoding="utf-8")
    return include


def layout(include, *snapshots):
    done = run([sys.executable, ABI / "layout.py", include, *snapshots])
    if done.returncode not in (0, 1):
        sys.exit(f"abi: {done.stderr.strip()}")
    return done


def functions(include, snapshot, *options):
    done = run(["sh", ABI / "abidiff.sh", *options, include, snapshot])
    if done.returncode not in (0, 1):
        sys.exit(f"abi: {done.stderr.strip()}")
    return done


def snapshots_of(check, include):
    """As kept; for a control taken of the broken headers themselves."""
    if not check.controls:
        return ABI
    folder = check.work / f"{include.name}-kept"
    for edition in (EDITION, "0.2"):
        shutil.copytree(ABI / EDITION, folder / edition)
        (folder / edition / "layout.txt").write_text(layout(include).stdout, encoding="utf-8")
        functions(include, folder / edition / "calanque.abi", "--write")
    return folder


def gates(include, kept):
    """Names of the gates that say no."""
    answers = {"layout": layout(include, kept), "functions": functions(include, kept / EDITION / "calanque.abi")}
    return {name for name, done in answers.items() if done.returncode == 1}


def today(check):
    """What is shipped; for a control with a break, against the true snapshot."""
    include = broken(check, "today", *BREAKS[0][2:]) if check.controls else ROOT / "capi/include"
    refused = gates(include, ABI)
    check.line(not refused, f"gates that refuse today's headers, with the snapshot of {EDITION}", len(refused), "0")


def breaks(check):
    wrong = []
    for number, (what, wanted, *break_) in enumerate(BREAKS):
        include = broken(check, number, *break_)
        caught = gates(include, snapshots_of(check, include))
        if not wanted <= caught:
            wrong.append(what)
    good = not wrong if not check.controls else len(wrong) < len(BREAKS)
    check.line(good, "breaks of the interface that every gate catches which must see them",
               f"{len(BREAKS) - len(wrong)} of {len(BREAKS)}" + (f"; not: {'; '.join(wrong)}" if wrong else ""),
               f"all, {len(BREAKS)}")


def defects(check):
    wrong, n = uncaught(check.work, check.controls)
    check.line(not wrong, "defects of libraries and of headers that the gates catch which look at files",
               f"{n - len(wrong)} of {n}" + (f"; not: {'; '.join(wrong)}" if wrong else ""), f"all, {n}")


def main():
    check = Check(__doc__)
    today(check)
    breaks(check)
    defects(check)
    check.exit()


if __name__ == "__main__":
    main()
