# tests/evidence/images/memory.py -- the resident memory of an image training, whatever the number of objects on disk.
# SPDX-License-Identifier: BSD-3-Clause
"""Trains the same network on 1,000, 20,000 and 200,000 objects of 16 x 16 pixels in 5 bands, 16-bit integers in one
FITS cube, and compares the peak of the resident memory with the bound that the training printed before it began. About
100 objects validate whatever the size: medians keep 64 bytes of each, which the bound counts and which are no part of
the claim. A page of a library counts as resident when the system had it in its cache already, used or not; so a
training that is not measured goes before each, and all find the same pages. Huge pages, which the system makes by itself,
are turned off.

Controls: a host of the C API that trains on such files, 1,000 and 4,000 objects, and keeps 25 kB an object.
"""
import pathlib
import re
import shutil
import sys

import numpy as np
from astropy.io import fits

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from evidence import Check, run, without_huge_pages  # noqa: E402

OBJECTS, FEW = (1000, 20000, 200000), (1000, 4000)
LEAK_BYTES = 25000  # an object and epoch
SHAPE = (5, 16, 16)
CHUNK = 20000
# At least as many steps and epochs that the small set goes through everything that the large one does: validation, the
# best weights, checkpoints.
RUN_FILE = """
[data]
catalog = "cat.fits"
images = "cube.fits"
id = "ID"
target = "Z"
[split]
valid = VALID
[[transform]]
use = "sky_asinh"
[[transform]]
use = "dihedral"
[[model.layer]]
use = "conv"
channels = 4
kernel = 3
stride = 2
[[model.layer]]
use = "global_avg_pool"
[[model.layer]]
use = "dense"
[train]
epochs = 2
batch = 64
checkpoint_minutes = 0
[compute]
threads = 1
"""
# A process of its own: the peak that the system keeps for a child counts what its parent had when it was made.
PEAK = """
import os, resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print("PEAK", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(done.returncode)
"""
LEAK = """
import ctypes, os, sys
library, leak = ctypes.CDLL(sys.argv[1]), int(sys.argv[2])
def text_of(call):
    buffer = ctypes.create_string_buffer(1 << 16)
    call(buffer, ctypes.c_int64(len(buffer)))
    return buffer.value.decode()
def check(status):
    if status < 0:
        sys.exit(text_of(library.clq_error_text))
    return status
config, source, model, trainer = (ctypes.c_int64() for _ in range(4))
check(library.clq_config_load(b"run.toml", ctypes.byref(config)))
check(library.clq_source_from_config(config, ctypes.byref(source)))
check(library.clq_model_create(config, source, ctypes.byref(model)))
check(library.clq_trainer_create(model, source, config, b"run", ctypes.byref(trainer)))
bound = ctypes.c_double()
check(library.clq_trainer_get(trainer, b"memory_bytes", ctypes.byref(bound)))
print(f"memory of the run at most {bound.value / 1e6:.3f} MB", file=sys.stderr)
kept = []
while check(library.clq_trainer_steps(trainer, ctypes.c_int64(5))) == 0:
    kept.append(b"x" * (5 * 64 * leak))
"""


def write_set(folder, objects, seed):
    """A catalogue and a cube [objects, bands, y, x], plane after plane."""
    folder.mkdir()
    rng = np.random.default_rng(seed)
    z = rng.random(objects)
    fits.BinTableHDU.from_columns([fits.Column("ID", "K", array=np.arange(objects)),
                                   fits.Column("Z", "D", array=z)]).writeto(folder / "cat.fits")
    header = fits.Header([("SIMPLE", True), ("BITPIX", 16), ("NAXIS", 4), ("NAXIS1", SHAPE[2]), ("NAXIS2", SHAPE[1]),
                          ("NAXIS3", SHAPE[0]), ("NAXIS4", objects)])
    header["EXTEND"] = True
    with open(folder / "cube.fits", "wb") as out:
        out.write(header.tostring().encode("ascii"))
        for first in range(0, objects, CHUNK):
            n = min(CHUNK, objects - first)
            pixels = rng.normal(0, 100, (n, *SHAPE)) + 1000 * z[first:first + n, None, None, None]
            out.write(pixels.astype(">i2").tobytes())
        out.write(bytes(-out.tell() % 2880))
    (folder / "run.toml").write_text(RUN_FILE.replace("VALID", f"{100 / objects:.4f}"), encoding="utf-8")


def train(check, warm, folder):
    """MB at the peak, and MB of the bound that was printed; `warm` is a small set to train on first."""
    command = [check.clq, "train", "run.toml", "-o", "run"]
    if check.controls:
        library = next((check.build / "lib").glob("libcalanque.so"))
        command = [sys.executable, "-c", LEAK, library, LEAK_BYTES]
    shutil.rmtree(warm / "run", ignore_errors=True)
    for place in (warm, folder):
        done = run([sys.executable, "-S", "-c", PEAK, *command], cwd=place,
                   preexec_fn=without_huge_pages)
        if done.returncode != 0:
            sys.exit(f"memory: the training ended with {done.returncode}: {done.stderr.strip()}")
    peak = int(re.search(r"^PEAK (\d+)$", done.stderr, re.MULTILINE).group(1)) * 1024 / 1e6
    bound = float(re.search(r"memory of the run at most ([\d.]+) MB", done.stderr).group(1))
    return peak, bound


def main():
    check = Check(__doc__)
    peaks, warm = [], check.work / "warm"
    write_set(warm, FEW[0], check.seed)
    sizes = FEW if check.controls else OBJECTS
    for objects in sizes:
        folder = check.work / str(objects)
        write_set(folder, objects, check.seed)
        peak, bound = train(check, warm, folder)
        peaks.append(peak)
        ratio = bound / peak
        check.line(1.0 <= ratio <= 1.3, f"{objects} objects: printed bound over the peak of the resident memory",
                   f"{bound:.1f} MB / {peak:.1f} MB = {ratio:.3f}", "1 ... 1.3")
        (folder / "cube.fits").unlink()
    middle = (max(peaks) + min(peaks)) / 2
    worst = max(peaks) / middle - 1
    check.line(worst <= 0.05,
               f"peak of the resident memory, {sizes[0]} to {sizes[-1]} objects: furthest from the middle",
               f"{100 * worst:.1f} % ({', '.join(f'{p:.1f}' for p in peaks)} MB)", "<= 5 %")
    check.exit()


if __name__ == "__main__":
    main()
