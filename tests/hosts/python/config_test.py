# tests/hosts/python/config_test.py -- run files of Python's and NumPy's values; options of calls.
# SPDX-License-Identifier: BSD-3-Clause
import unittest

import numpy as np

import calanque
from common import RUN, Case, arrays, trained, with_values


class Values(Case):
    def test_of_numpy_are_those_of_python(self):
        plain = with_values(data={"null": [-99.0, -1.0]}, train={"epochs": 2, "optimizer": {"name": "adam", "lr": 0.5}})
        numpys = with_values(data={"scalars": np.array(["a", "b"]), "null": np.array([-99.0, -1.0])},
                             train={"epochs": np.int64(2), "optimizer": {"name": np.str_("adam"), "lr": np.float32(0.5)}},
                             split={"valid": np.array(0.2)})
        self.assertEqual(calanque.Config(numpys).dump(), calanque.Config(plain).dump())
        config = calanque.Config(RUN)
        config["data.null"], config["train.epochs"] = np.array([-99, -1]), np.uint8(4)
        self.assertEqual((config["data.null"], config["train.epochs"]), ([-99, -1], 4))

    def test_that_are_not_set_are_not_found(self):
        config = calanque.Config(RUN)
        for key in ("data.weight", "train.epoch"):  # it is setting that knows the keys
            self.refuses(LookupError, f"{key} is not set", config.__getitem__, key)
        self.refuses(calanque.InvalidError, "did you mean 'train.epochs'", config.__setitem__, "train.epoch", 9)

    def test_that_a_run_file_cannot_hold_are_told_by_their_key(self):
        words = "train.epochs: a run file has no place for NoneType: None"
        self.refuses(calanque.InvalidError, words, calanque.Config, with_values(train={"epochs": None}))
        self.refuses(calanque.InvalidError, words, calanque.Config(RUN).__setitem__, "train.epochs", None)
        self.refuses(calanque.InvalidError, words, calanque.train, RUN, arrays(), values={"train.epochs": None})
        layers = {"layer": [{"use": "dense", "units": np.array([None, 3])}]}
        self.refuses(calanque.InvalidError, "model.layer[0].units[0]: a run file has no place for NoneType", calanque.Config,
                     {"model": layers})
        self.refuses(calanque.InvalidError, "no place for Long: one two", calanque.Config, {"task": Long()})

    def test_stand_in_mappings(self):
        for wrong in (["train.epochs"], 3, "train.epochs"):
            kind = type(wrong).__name__
            self.refuses(calanque.InvalidError, f"values must be a mapping, got {kind}", calanque.train, RUN, arrays(),
                         values=wrong)
            self.refuses(calanque.InvalidError, f"the run file must be a mapping, got {kind}", calanque.Config, wrong)
        model, _ = trained(train={"epochs": 1})
        self.refuses(calanque.InvalidError, "data must be a mapping, got list", calanque.Source.for_model, model, "x.fits",
                     ["id"])

    def test_are_named_by_texts(self):
        self.refuses(calanque.InvalidError, "the run file's path must be a text, got NoneType", calanque.train, None, arrays())
        self.refuses(calanque.InvalidError, "a key must be a text, got int", calanque.Config(RUN).__getitem__, 3)
        self.refuses(calanque.InvalidError, "the bundle's path must be a text, got bytes", calanque.Model.load, b"m")


class Options(Case):
    def test_of_numpy_are_those_of_python(self):
        model, data = trained(train={"epochs": 1})
        counts = calanque.predict(model, data, self.folder / "a.fits", batch=np.int64(100), keep=np.array(["y"]))
        self.assertEqual(counts["rows"], 640)
        model.save(self.folder / "m.safetensors")
        self.assertEqual(calanque.Model.load(self.folder / "m.safetensors", threads=np.int8(1)).id, model.id)
        self.refuses(calanque.InvalidError, "an option cannot be a set: {3}", calanque.predict, model, data, "a.fits", batch={3})
        self.assertEqual(calanque.Source.from_arrays(data).scan(list=self.folder / "bad.csv")["rows"], 640)


class Long:
    def __repr__(self):
        return "one\ntwo"


if __name__ == "__main__":
    unittest.main()
