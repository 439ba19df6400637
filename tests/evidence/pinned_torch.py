# tests/evidence/pinned_torch.py -- PyTorch of one version from PyPI, in an environment of its own below build/.
# SPDX-License-Identifier: BSD-3-Clause
import os
import pathlib
import shutil
import sys

from evidence import ROOT, last_line, run

TORCH = "2.15.0"


def version_of(python):
    """PyTorch's in this Python, and the last line of what was said where it has none."""
    done = run([python, "-c", "import torch; print(torch.__version__)"])
    return (done.stdout.strip(), "") if done.returncode == 0 else ("", last_line(done))


def torch_python():
    """(python, version, "") of the one that CLQ_TORCH_PYTHON names, else of an environment that is made once; where
    PyPI cannot be reached (None, "", why)."""
    named = os.environ.get("CLQ_TORCH_PYTHON", "")
    folder = ROOT / f"build/torch-{TORCH}"
    python = pathlib.Path(named or folder / "bin/python").absolute()
    if named and not python.exists():
        sys.exit(f"CLQ_TORCH_PYTHON={named}: there is no such program")
    version, words = version_of(python) if python.exists() else ("", "")
    if not version and not named:
        shutil.rmtree(folder, ignore_errors=True)
        run([sys.executable, "-m", "venv", folder], check=True)
        done = run([python, "-m", "pip", "install", "-q", f"torch=={TORCH}", "numpy"])
        if done.returncode != 0:
            return None, "", f"PyTorch {TORCH} cannot be installed: {last_line(done)}"
        version, words = version_of(python)
    if not version:
        sys.exit(f"{python} has no PyTorch: {words}")
    return python, version, ""


def go_on_in_it():
    """This program once more in that Python, before it imports torch. Where there is none it goes on with the system's
    PyTorch, which its lines name."""
    if os.environ.get("CLQ_TORCH_PYTHON") == sys.executable:  # absolute, as it is given below
        return
    python, _, why = torch_python()
    if python is None:
        print(f"{pathlib.Path(sys.argv[0]).name}: {why}", file=sys.stderr)
    else:
        os.execve(python, [str(python), *sys.argv], {**os.environ, "CLQ_TORCH_PYTHON": str(python)})
