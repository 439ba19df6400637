# tests/evidence/foundations/abi.py -- breaks of the interface in C, each of which a gate must catch.
# SPDX-License-Identifier: BSD-3-Clause
"""Breaks a copy of the headers in one way after the other and asks the gates of tests/abi about each.

Control: gates whose snapshot was taken of the broken headers.
"""
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import ROOT, Check, run  # noqa: E402

ABI = ROOT / "tests/abi"
EDITION = "0.1"
# (what, header, pattern, replacement)
BREAKS = [
    ("a member is moved", "plugin/backend.h", r"(uint32_t +score;[^\n]*\n)( +char +reason\[120\];[^\n]*\n)", r"\2\1"),
    ("a member is put in between", "plugin/data_source.h", r"(  int64_t +n_samples; )", r"  int64_t n_blocks;\n \1"),
    ("a member grows", "plugin/entry.h", r"uint16_t +abi_major, abi_minor;( +/\* newest)", r"uint32_t abi_major, abi_minor;\1"),
    ("a member is taken out", "plugin/data_source.h", r" +uint32_t +reader, n_readers;[^\n]*\n", ""),
    ("a member changes its type, not its size", "plugin/abi.h", r"int32_t +dtype, rank;", "uint32_t dtype, rank;"),
    ("a table gains a slot", "plugin/data_sink.h", r"(void +\(CLQ_CALL \*discard\)[^\n]*\n)", r"\1   void (CLQ_CALL *flush)(clq_sink *);\n"),
    ("a slot takes another argument", "plugin/backend.h", r"\(CLQ_CALL \*open\)\(uint32_t device,", "(CLQ_CALL *open)(uint32_t device, uint32_t flags,"),
    ("dtypes are numbered anew", "types.h", r"CLQ_F16 = 1, CLQ_BF16, CLQ_F32,", "CLQ_F16 = 1, CLQ_F32, CLQ_BF16,"),
    ("a status has another number", "types.h", r"CLQ_E_NOMEM +-3", "CLQ_E_NOMEM -16"),
    ("an identifier is spelt otherwise", "plugin/backend.h", r'(BACKEND_ID +)"clq.backend/1"', r'\1"clq.backend/2"'),
    ("a flag has another bit", "plugin/backend.h", r"CLQ_SEG_STRICT_F32 = 4", "CLQ_SEG_STRICT_F32 = 8"),
    ("a function is added", "calanque.h", r"(CLQ_API clq_status  clq_error_code\(void\);)", r"\1\nCLQ_API clq_status clq_more(void);"),
    ("a function is taken out", "calanque.h", r"CLQ_API clq_status  clq_error_code\(void\);[^\n]*\n", ""),
    ("a function takes another argument", "calanque.h", r"clq_plugins_load\(const char \*path\)", "clq_plugins_load(const char *path, int32_t how)"),
    ("a handle is narrower", "calanque.h", r"typedef int64_t clq_handle;", "typedef int32_t clq_handle;"),
    ("the minor is raised and nothing kept", "plugin/abi.h", r"(CLQ_ABI_MINOR) 1 ", r"\1 2 "),
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


def snapshots(check, include):
    """The kept snapshots; for a control those of the broken headers themselves."""
    if not check.controls:
        return ABI
    folder = check.work / f"{include.name}-kept"
    for edition in (EDITION, "0.2"):
        (folder / edition).mkdir(parents=True)
        layout = run([sys.executable, ABI / "layout.py", include])
        (folder / edition / "layout.txt").write_text(layout.stdout, encoding="utf-8")
        subprocess.run(["sh", ABI / "abidiff.sh", "--write", include, folder / edition / "calanque.abi"], check=False,
                       capture_output=True)
    return folder


def gates(check, include):
    """Names of the gates that say no."""
    kept = snapshots(check, include)
    asked = {"layout": run([sys.executable, ABI / "layout.py", include, kept]),
             "abidiff": run(["sh", ABI / "abidiff.sh", include, kept / EDITION / "calanque.abi"])}
    return [name for name, done in asked.items() if done.returncode != 0]


def today(check):
    """What is shipped; for a control with a break, against the true snapshot."""
    include = broken(check, "today", *BREAKS[0][1:]) if check.controls else ROOT / "capi/include"
    layout = run([sys.executable, ABI / "layout.py", include, ABI])
    functions = run(["sh", ABI / "abidiff.sh", include, ABI / EDITION / "calanque.abi"])
    refused = [line for done in (layout, functions) if done.returncode != 0 for line in done.stdout.splitlines()]
    check.line(not refused, f"what the gates say against today's headers, with the snapshot of {EDITION}",
               f"{len(refused)} lines", "0")


def main():
    check = Check(__doc__)
    today(check)
    caught = {}
    for number, (what, *break_) in enumerate(BREAKS):
        caught[what] = gates(check, broken(check, number, *break_))
    missed = [what for what, by in caught.items() if not by]
    by_both = sum(len(by) > 1 for by in caught.values())
    check.line(not missed, "breaks of the interface that a gate catches",
               f"{len(BREAKS) - len(missed)} of {len(BREAKS)}, {by_both} by two gates" +
               (f"; not: {'; '.join(missed)}" if missed else ""), f"all, {len(BREAKS)}")
    check.exit()


if __name__ == "__main__":
    main()
