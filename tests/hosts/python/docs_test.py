# tests/hosts/python/docs_test.py -- every snippet of the Python pages runs, one after the other.
# SPDX-License-Identifier: BSD-3-Clause
import importlib.util
import shutil
import subprocess
import sys
import unittest

from common import ROOT, Case

sys.path.insert(0, str(ROOT / "tests/docs"))
from documents import snippets  # noqa: E402: it lies beside the tests of the documents

# A text snippet that begins so is Python for those who have it.
NEEDS = {"# with PyTorch": "torch", "# with scikit-learn": "sklearn"}


def runnable(snippet):
    first = snippet.text.splitlines()[0]
    if first in NEEDS:
        return importlib.util.find_spec(NEEDS[first]) is not None
    return snippet.tag == "python"


class Pages(Case):
    def run_page(self, name):
        (self.folder / "runs").mkdir()
        shutil.copytree(ROOT / "projects/deepdip", self.folder / "projects/deepdip")
        count = 0
        for snippet in filter(runnable, snippets(ROOT / "docs/hosts" / name)):
            with self.subTest(snippet.where):
                command = [sys.executable, "-c", snippet.text]
                done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                count += 1
        return count

    def test_of_the_guide(self):
        self.assertGreaterEqual(self.run_page("python.md"), 7)

    @unittest.skipUnless(importlib.util.find_spec("torch"), "there is no PyTorch")
    def test_for_those_who_come_from_elsewhere(self):
        self.assertEqual(self.run_page("from-keras-and-pytorch.md"), 2)


if __name__ == "__main__":
    unittest.main()
