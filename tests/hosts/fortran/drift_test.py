# tests/hosts/fortran/drift_test.py -- the generated Fortran is what the header makes, and a changed header is noticed.
# SPDX-License-Identifier: BSD-3-Clause
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
GENERATOR = ROOT / "capi" / "bindings" / "generate_fortran.py"


def check(include):
    return subprocess.run([sys.executable, GENERATOR, "--check", "--include", include], capture_output=True, text=True)


class Drift(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.include = pathlib.Path(self.folder.name) / "include"
        shutil.copytree(ROOT / "capi" / "include", self.include)

    def tearDown(self):
        self.folder.cleanup()

    def replace(self, name, old, new):
        path = self.include / "calanque" / name
        text = path.read_text(encoding="utf-8")
        self.assertTrue(old in text, f"{name} has no '{old}'")
        path.write_text(text.replace(old, new), encoding="utf-8")

    def test_nothing_differs(self):
        done = check(ROOT / "capi" / "include")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_another_value_of_a_constant_names_two_files(self):
        self.replace("types.h", "#define CLQ_E_DATA        -9", "#define CLQ_E_DATA        -99")
        done = check(self.include)
        self.assertEqual(done.returncode, 1)
        self.assertEqual([pathlib.Path(line.split(":")[0]).name for line in done.stderr.splitlines()],
                         ["calanque_c.f90", "calanque.inc"])

    def test_another_argument_names_the_interfaces_and_the_six_letters(self):
        self.replace("calanque.h", "clq_model_save(clq_handle model, const char *path)",
                     "clq_model_save(clq_handle model, const char *path, int32_t plain)")
        done = check(self.include)
        self.assertEqual(done.returncode, 1)
        self.assertIn("calanque_c.f90: differs", done.stderr)
        self.assertIn("calanque_f77.f90: differs", done.stderr)

    def test_a_new_function_wants_six_letters(self):
        self.replace("calanque.h", "clq_error_code(void);", "clq_error_code(void);\nCLQ_API clq_status clq_new(void);")
        done = check(self.include)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "generate_fortran.py: fortran_f77.py: no name for, or no function of: new\n")


if __name__ == "__main__":
    unittest.main()
