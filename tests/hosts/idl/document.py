# tests/hosts/idl/document.py -- every program of docs/hosts/idl.md runs in GDL, from the root, to its end.
# SPDX-License-Identifier: BSD-3-Clause
"""document.py GDL: the environment names libclq_idl.so. A program is a fence whose first line is "; NAME.pro"."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ELSEWHERE = ("startup.pro",)  # a folder of the reader's
EXPECTED = {"check.pro": "Calanque ", "stars.pro": "WIDTH: rmse ", "vectors.pro": "held out: ", "table.pro": '"metrics"',
            "files.pro": "CRPS 0.", "curve.pro": "FINISHED", "errors.pro": "caught: clq_model_load: ", "weights.pro": "CLQMODEL"}


def programs(text):
    found = re.findall(r"^```text\n; (\w+\.pro)\n(.*?)^```$", text, re.M | re.S)
    return {name: body for name, body in found if name not in ELSEWHERE}


def run(gdl, folder, name, body):
    """Its routines are compiled, its other lines given as a batch."""
    routines = re.search(r"^pro .*^end$", body, re.M | re.S)
    if routines:
        (folder / "routines_of_it.pro").write_text(routines[0] + "\n", encoding="utf-8")
        body = body.replace(routines[0], ".compile routines_of_it")
    path = f"{ROOT / 'capi/bindings/idl'}:{folder}"
    batch = folder / "batch.pro"
    batch.write_text(f"!path = '{path}:' + !path\n!quiet = 1\n{body}\nprint, 'FINISHED'\nexit\n", encoding="utf-8")
    done = subprocess.run([gdl, "-q", "--no-use-wx", str(batch)], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, env=dict(os.environ, GDL_DISABLE_WX_PLOTS="1"))
    if "FINISHED" not in done.stdout or EXPECTED[name] not in done.stdout or "Execution halted" in done.stdout:
        sys.exit(f"{name} of docs/hosts/idl.md: wanted '{EXPECTED[name]}' and the end, got {done.stdout}")


def main():
    found = programs((ROOT / "docs/hosts/idl.md").read_text(encoding="utf-8"))
    if set(found) != set(EXPECTED):
        sys.exit(f"docs/hosts/idl.md has {sorted(found)}, expected {sorted(EXPECTED)}")
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        (folder / "projects").symlink_to(ROOT / "projects")
        for name, body in found.items():
            run(sys.argv[1], folder, name, body)
        if (folder / "curve.ps").stat().st_size < 1000:
            sys.exit("curve.pro drew nothing")
    print(f"{len(found)} programs ran: {', '.join(found)}")


main()
