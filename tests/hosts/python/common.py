# tests/hosts/python/common.py -- what the tests share: a small task, its arrays, folders that vanish.
# SPDX-License-Identifier: BSD-3-Clause
import os
import pathlib
import tempfile
import unittest

import numpy as np

import calanque

ROOT = pathlib.Path(__file__).resolve().parents[3]
TRAIN = str(ROOT / "projects/deepdip/data/boss_dr10_train.fits")
TEST = str(ROOT / "projects/deepdip/data/boss_dr10_test.fits")
CLQ = os.environ.get("CLQ", "clq")

RUN = {
    "task": "regression",
    "data": {"scalars": ["a", "b"], "target": "y"},
    "split": {"valid": 0.2},
    "model": {"layer": [{"use": "dense", "units": 8, "activation": "tanh"}, {"use": "dense"}]},
    "train": {"epochs": 3, "batch": 32, "optimizer": {"name": "adam", "lr": 0.01}},
    "compute": {"threads": 1},
}


def arrays(n=640):
    """y = a - 2 b."""
    i = np.arange(n)
    a, b = np.sin(i).astype("f4"), np.cos(1.7 * i).astype("f4")
    return {"a": a, "b": b, "y": a.astype("f8") - 2 * b}


def with_values(**sections):
    """RUN, with other values in some of its sections."""
    return {**RUN, **{name: {**RUN.get(name, {}), **values} for name, values in sections.items()}}


def trained(n=640, **sections):
    """(model, its arrays)."""
    data = arrays(n)
    return calanque.train(with_values(**sections), data, progress=False), data


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def refuses(self, kind, words, call, *arguments, **named):
        """The call raises `kind`, in one line with these words."""
        with self.assertRaises(kind) as caught:
            call(*arguments, **named)
        text = str(caught.exception)
        self.assertIn(words, text)
        self.assertNotIn("\n", text)
        return caught.exception
