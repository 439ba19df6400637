# tests/hosts/python/program_test.py -- deepdip.py gives the bits of `clq train`; the generated file is the header's.
# SPDX-License-Identifier: BSD-3-Clause
import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

from common import CLQ, ROOT, Case

GENERATOR = ROOT / "capi/bindings/generate_python.py"


def run(*command, **named):
    done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, **named)
    if done.returncode != 0:
        raise AssertionError(f"{command} ends with {done.returncode}: {done.stderr}")
    return done.stdout


@unittest.skipUnless(shutil.which(CLQ), "clq is not in PATH; the variable CLQ may name it")
class Deepdip(Case):
    def test_is_bit_identical_to_the_command_line(self):
        mine, theirs = self.folder / "python", self.folder / "clq"
        printed = run(sys.executable, "projects/deepdip/hosts/deepdip.py", 2, 5, mine)
        keys = ("train.epochs=2", "train.seed=5", "compute.threads=1")
        run(CLQ, "train", "projects/deepdip/runs/boss_dr10.toml", *keys, "-o", theirs)
        bundle = theirs / "model.safetensors"
        self.assertEqual((mine / "model.safetensors").read_bytes(), bundle.read_bytes())
        table = theirs / "predictions.fits"
        run(CLQ, "predict", bundle, "projects/deepdip/data/boss_dr10_test.fits", "-o", table, "--threads", 1)
        self.assertEqual((mine / "predictions.fits").read_bytes(), table.read_bytes())
        self.assertIn("crps", json.loads(printed.splitlines()[-1])["metrics"])

    def test_says_how_it_is_called(self):
        program = ROOT / "projects/deepdip/hosts/deepdip.py"
        done = subprocess.run([sys.executable, program], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr[:6]), (1, "usage:"))


class Generated(Case):
    def test_file_is_what_the_header_says(self):
        run(sys.executable, GENERATOR, "--check")

    def test_drift_is_told_with_the_files_name(self):
        (self.folder / "calanque").mkdir()
        kept = ROOT / "capi/bindings/python/calanque/_capi.py"
        changed = kept.read_text().replace("CLQ_E_IO = -4", "CLQ_E_IO = -5")
        (self.folder / "calanque/_capi.py").write_text(changed)
        command = [sys.executable, GENERATOR, "--check", "--into", self.folder]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("_capi.py differs", done.stderr)


class Library(Case):
    def import_with(self, library):
        environment = {**os.environ, "CALANQUE_LIB": str(library)}
        command = [sys.executable, "-c", "import calanque"]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    def test_that_is_not_there_is_one_clear_line(self):
        last = self.import_with(self.folder / "nowhere.so").stderr.splitlines()[-1]
        self.assertIn("ImportError: libcalanque cannot be loaded", last)
        self.assertIn("CALANQUE_LIB", last)

    def test_of_another_kind_is_refused_by_name(self):
        other = next(pathlib.Path("/lib").glob("*/libm.so.6"))
        self.assertIn("has no function clq_", self.import_with(other).stderr.splitlines()[-1])


if __name__ == "__main__":
    unittest.main()
