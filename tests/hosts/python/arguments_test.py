# tests/hosts/python/arguments_test.py -- arguments of the wrong kind, which are refused by their name; one text for a list.
# SPDX-License-Identifier: BSD-3-Clause
import unittest

import numpy as np
from astropy.table import Table

import calanque
from common import RUN, Case, arrays, trained

FAR = 2**64 + 5


class Arguments(Case):
    def setUp(self):
        super().setUp()
        self.model, self.data = trained(train={"epochs": 1})
        self.source, self.config = calanque.Source.from_arrays(self.data), calanque.Config(RUN)

    def trainer(self, folder=None):
        model = calanque.Model.create(self.config, self.source)
        return calanque.Trainer(model, self.source, self.config, folder, progress=False)


class Integers(Arguments):
    def test_are_whole_and_not_beyond_64_bits(self):
        trainer, write = self.trainer(), lambda **rows: self.source.write(self.folder / "never.fits", **rows)
        for what, call in (("n", lambda n: calanque.Batch(self.model, n)), ("n", trainer.steps), ("n", lambda n: write(n=n)),
                           ("row", self.source.locate), ("row", self.source.look), ("first", lambda n: write(first=n)),
                           ("epochs", lambda n: calanque.Trainer.resume("run", self.source, n)),
                           ("seed", lambda n: calanque.order(n, 0, 3)), ("epoch", lambda n: calanque.order(1, n, 3)),
                           ("n", lambda n: calanque.order(1, 0, n)), ("first", lambda n: calanque.order(1, 0, 3, n)),
                           ("count", lambda n: calanque.order(1, 0, 3, 0, n)), ("the level", calanque.log_level)):
            for wrong in (1.5, "2", True, np.bool_(True), [1]):
                words = f"{what} must be an integer, got {type(wrong).__name__}: {wrong!r}"
                self.refuses(calanque.InvalidError, words, call, wrong)
            for wrong in (FAR, 2**70, -FAR):
                error = self.refuses(calanque.InvalidError, f"{what} must be from ", call, wrong)
                self.assertIn(f", got {wrong}", str(error))
        self.refuses(calanque.InvalidError, f"rows must be from 0 to {2**63 - 1}, one is {2**63}", self.source.read, "a",
                     np.array([2**63], "u8"))
        self.assertFalse((self.folder / "never.fits").exists())

    def test_of_numpy_are_taken(self):
        five = np.int16(5)
        self.assertEqual(self.source.locate(five), self.source.locate(5))
        self.assertEqual(self.source.look(np.uint64(5)), self.source.look(5))
        self.assertEqual(calanque.Batch(self.model, five).n, 5)
        self.assertEqual(calanque.order(np.uint8(1), np.int64(2), five).tolist(), calanque.order(1, 2, 5).tolist())
        self.source.write(self.folder / "part.fits", first=five, n=five)
        self.assertEqual(len(Table.read(self.folder / "part.fits")), 5)
        self.assertFalse(self.trainer().steps(np.int32(1)))

    def test_of_an_order_are_within_it(self):
        for words, given in ((f"n must be from 0 to {2**63 - 1}, got -1", (1, 0, -1)),
                             ("first must be from 0 to 3, got 4", (1, 0, 3, 4)),
                             ("first must be from 0 to 3, got -1", (1, 0, 3, -1)),
                             ("count must be from 0 to 2, got 3", (1, 0, 3, 1, 3)), ("seed must be from 0 to", (-1, 0, 3))):
            self.refuses(calanque.InvalidError, words, calanque.order, *given)
        self.assertEqual(calanque.order(1, 0, 0).size, 0)
        self.assertEqual(sorted(calanque.order(2**64 - 1, 0, 3)), [0, 1, 2])


class Kinds(Arguments):
    def test_of_objects_are_told(self):
        self.refuses(calanque.InvalidError, "model must be a Model, got str", calanque.Batch, "m", 2)
        self.refuses(calanque.InvalidError, "models must be a Model, got int", calanque.evaluate, 3, self.data)
        self.refuses(calanque.InvalidError, "source must be a Source, got str", calanque.Trainer.resume, "run", "x")
        self.refuses(calanque.InvalidError, "model must be a Model, got Config", self.source.look, 3, self.config)
        self.refuses(calanque.InvalidError, "model must be a Model, got str", calanque.Source.for_model, "m", "x.fits")

    def test_of_names_are_told(self):
        batch = calanque.Batch(self.model, 1)
        self.refuses(calanque.InvalidError, "an output's name must be a text, got int", batch.__getitem__, 0)
        self.refuses(calanque.InvalidError, "an input's name must be a text, got int", batch.__setitem__, 0, [1.0])
        self.refuses(calanque.InvalidError, "a key must be a text, got int", self.trainer().get, 0)
        self.refuses(calanque.InvalidError, "the field must be a text, got list", self.source.read, ["a"])
        for call in (lambda names: self.source.write("never.fits", names), lambda names: calanque.Model.load("m", layers=names),
                     lambda names: calanque.Source.from_table(self.data, names)):
            self.refuses(calanque.InvalidError, "must be names, got int: 3", call, 3)
            self.refuses(calanque.InvalidError, "must be names, one is int: 3", call, ["a", 3])

    def test_of_numbers_are_told(self):
        self.refuses(calanque.InvalidError, "a: out must be a contiguous, writable float32 array of (640,), got list",
                     self.source.read, "a", out=[0] * 640)
        for wrong in ("x", [1], -1):
            self.refuses(calanque.InvalidError, f"seconds must be a number from 0 on, got {wrong}", self.trainer().run, wrong)
        self.assertFalse(self.trainer().run(np.float32(0)))


class Lists(Arguments):
    def test_of_one_name_are_that_name(self):
        self.source.write(self.folder / "one.fits", fields="a*")
        self.assertEqual(Table.read(self.folder / "one.fits").colnames, ["a"])
        self.assertEqual(list(calanque.Source.from_table({"aa": [1.0], "a": [2.0]}, columns="aa").fields), ["aa"])
        self.model.save(self.folder / "m.safetensors")
        answer = calanque.Model.load(self.folder / "m.safetensors", layers="dense1").predict(np.ones((3, 2)))
        self.assertEqual(answer["dense1"].shape, (3, 8))

    def test_may_be_of_any_kind(self):
        self.source.write(self.folder / "two.fits", fields=np.array(["y", "a"]))
        self.assertEqual(sorted(Table.read(self.folder / "two.fits").colnames), ["a", "y"])
        self.assertEqual(list(calanque.Source.from_table(arrays(), columns=(n for n in "ab")).fields), ["a", "b"])


if __name__ == "__main__":
    unittest.main()
