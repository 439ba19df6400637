# tests/hosts/python/units_test.py -- units: of a model's inputs, of the tables and sources that it is asked of.
# SPDX-License-Identifier: BSD-3-Clause
import pickle
import sys
import unittest
from unittest import mock

import numpy as np
from astropy import units
from astropy.table import MaskedColumn, QTable, Table
from astropy.utils.masked import Masked

import calanque
from common import Case, arrays, trained, with_values


def in_metres():
    """(model, its arrays)."""
    data = arrays()
    quantities = {"a": data["a"] * units.m, "b": data["b"] * units.m, "y": data["y"]}
    return calanque.train(with_values(train={"epochs": 1}), quantities, progress=False), data


class Inputs(Case):
    def test_quantities_are_converted_to_the_models_unit(self):
        model, data = in_metres()
        self.assertEqual(model.units, {"a": "m", "b": "m"})
        expected = model.predict({"a": data["a"][:9], "b": data["b"][:9]}).values
        scaled = QTable({"a": (data["a"][:9] * 1000.0) * units.mm, "b": data["b"][:9] * units.m})
        np.testing.assert_allclose(model.predict(scaled).values, expected, rtol=1e-5)  # F32 times 1000 and back
        wrong = {"a": data["a"][:9] * units.s, "b": data["b"][:9]}
        self.refuses(ValueError, "a: cannot convert from 's' to 'm'", model.predict, wrong)

    def test_masked_numbers_with_a_unit_are_missing(self):
        model, data = in_metres()
        column = MaskedColumn(data["a"][:3] * 1000.0, unit="mm", mask=[False, True, False])
        answer = model.predict({"a": column, "b": data["b"][:3]})
        self.assertEqual(np.isnan(answer.values).ravel().tolist(), [False, True, False])
        whole = MaskedColumn([1, 2, 3], unit="mm", mask=[False, True, False])
        self.refuses(ValueError, "a: 1 masked values of type int64", model.predict, {"a": whole, "b": data["b"][:3]})

    def test_a_model_without_units_says_so(self):
        model, data = trained(train={"epochs": 1})
        quantities = {"a": data["a"][:3] * units.m, "b": data["b"][:3]}
        self.refuses(ValueError, "a is in 'm' and the model names no unit", model.predict, quantities)
        with self.assertWarns(calanque.UnitWarning) as caught:
            model.predict(Table(QTable(quantities)))
        self.assertEqual(caught.filename, __file__)

    def test_are_those_of_the_inputs_alone(self):
        model, _ = in_metres()
        model.save(self.folder / "m.safetensors")
        load = lambda **given: calanque.Model.load(self.folder / "m.safetensors", units=given)
        self.assertEqual(load(a="mm").units, {"a": "mm"})
        self.refuses(ValueError, "units: the model has no input 'A', it reads a, b", load, A="mm")
        self.refuses(ValueError, "units: the model has no input 'y'", model.units.__setitem__, "y", "m")
        self.refuses(ValueError, "units: the model has no input 'y'", model.units.update, {"y": "m"})
        self.refuses(ValueError, "units: the model has no input 'y'", setattr, model, "units", {"y": "m"})
        self.refuses(ValueError, "units must be a mapping, got str", setattr, model, "units", "m")
        self.assertEqual(model.units, {"a": "m", "b": "m"})

    def test_are_units_that_astropy_knows(self):
        model, data = in_metres()
        with self.assertWarnsRegex(calanque.UnitWarning, "a: 'metr' is no unit that astropy knows, nothing is converted"):
            model.units["a"] = "metr"
        with self.assertWarnsRegex(calanque.UnitWarning, "did you mean mag"):
            model.units["a"] = "magg"
        self.refuses(ValueError, "a: cannot convert from 'm' to 'magg'", model.predict,
                     {"a": data["a"] * units.m, "b": data["b"] * units.m})
        self.refuses(ValueError, "a: a unit must be a text, got int", model.units.__setitem__, "a", 3)
        model.units["a"] = units.mm
        self.assertEqual(pickle.loads(pickle.dumps(model)).units, {"a": "mm", "b": "m"})
        with mock.patch.dict(sys.modules, {"astropy": None}):
            model.units["a"] = "metr"
            self.refuses(ValueError, "a: 'm' is not 'metr', and without astropy", model.predict,
                         {"a": data["a"] * units.m, "b": data["b"] * units.m})
            model.units["a"] = "m"
            model.predict({"a": data["a"] * units.m, "b": data["b"] * units.m})

    def test_of_a_source_are_kept_as_they_stand(self):
        data = arrays()
        own = MaskedColumn(data["a"], unit=units.Unit("counts_of_ours", parse_strict="silent"))
        source = calanque.Source.from_arrays({**data, "a": own})
        model = calanque.Model.create(calanque.Config(with_values()), source)
        self.assertEqual(pickle.loads(pickle.dumps(model)).units, {"a": "counts_of_ours"})
        with calanque.Trainer(model, source, calanque.Config(with_values(train={"epochs": 1})), progress=False) as trainer:
            trainer.run()
        model.predict({"a": own[:9], "b": data["b"][:9]})


class Asked(Case):
    """table: a and b in metres, as the model's; other: a in millimetres."""

    def setUp(self):
        super().setUp()
        self.model, self.data = in_metres()
        self.table = QTable({"a": self.data["a"] * units.m, "b": self.data["b"] * units.m, "y": self.data["y"]})
        self.other = self.table.copy()
        self.other["a"] = self.other["a"].to("mm")
        self.score = calanque.evaluate(self.model, self.data)["metrics"]["rmse"]


class Tables(Asked):
    def answers(self, models, given, **options):
        calanque.predict(models, given, self.folder / "answers.csv", **options)
        return Table.read(self.folder / "answers.csv")

    def test_are_converted_to_the_models_unit(self):
        expected = self.model.predict(self.other).values[:, 0]
        for given in (self.table, self.other, Table(self.other), dict(self.other.items()), self.table.as_array()):
            score = calanque.evaluate([self.model], given)["metrics"]["rmse"]
            self.assertAlmostEqual(score, self.score, delta=1e-6)  # F32 times 1000 and back
            np.testing.assert_allclose(self.answers(self.model, given)["PRED"], expected, atol=1e-6)
        self.assertAlmostEqual(calanque.evaluate(iter([self.model]), self.other)["metrics"]["rmse"], self.score, delta=1e-6)
        kept = self.answers(self.model, self.other, keep=["a"])["a"]
        np.testing.assert_allclose(kept, self.data["a"], rtol=1e-5)
        wrong = {**self.data, "a": self.data["a"] * units.s}
        self.refuses(ValueError, "a: cannot convert from 's' to 'm'", calanque.evaluate, self.model, wrong)

    def test_keep_their_masks(self):
        mask = np.arange(640) < 3
        for masked in (MaskedColumn(self.data["a"] * 1000.0, unit="mm", mask=mask), Masked(self.other["a"], mask=mask)):
            self.assertEqual(calanque.evaluate(self.model, {**self.data, "a": masked})["bad"], 3)
        whole = {**self.data, "a": MaskedColumn(np.arange(640), unit="mm", mask=mask)}
        self.refuses(ValueError, "data.scalars: a: 3 masked values of type int64", calanque.evaluate, self.model, whole)

    def test_of_a_model_without_units_are_refused_or_warned_of(self):
        plain, _ = trained(train={"epochs": 1})
        self.refuses(ValueError, "a is in 'mm' and the model names no unit", calanque.evaluate, plain, self.other)
        with self.assertWarns(calanque.UnitWarning) as caught:
            calanque.evaluate(plain, Table(self.other))
        self.assertEqual(caught.filename, __file__)

    def test_are_in_one_unit_for_all_models(self):
        second = pickle.loads(pickle.dumps(self.model))
        second.units["a"] = "1000 mm"
        self.assertAlmostEqual(calanque.evaluate([self.model, second], self.other)["metrics"]["rmse"], self.score, delta=1e-6)
        second.units["a"] = "mm"
        for given in (self.other, self.data, calanque.Source.from_table(self.table)):
            self.refuses(ValueError, "a: one model has 'm', another 'mm'", calanque.evaluate, [self.model, second], given)
        del second.units["a"]
        self.refuses(ValueError, "a is in 'mm', and one model has 'm', another names no unit: say it with model.units['a'] = 'm'",
                     calanque.evaluate, [self.model, second], self.other)
        calanque.evaluate([self.model, second], self.data)


class Sources(Asked):
    def test_in_other_units_are_refused(self):
        Table(self.other).write(self.folder / "other.fits")
        words = "a: the source is in 'mm' and the model in 'm', and a source is not converted"
        for given in (calanque.Source.from_table(self.other), self.folder / "other.fits",
                      calanque.Source.open(self.folder / "other.fits")):
            self.refuses(calanque.InvalidError, words, calanque.evaluate, self.model, given)
            self.refuses(calanque.InvalidError, words, calanque.predict, self.model, given, "never.fits")
        with mock.patch.dict(sys.modules, {"astropy": None}):
            self.refuses(calanque.InvalidError, words, calanque.evaluate, self.model, self.folder / "other.fits")

    def test_in_the_models_units_or_in_none_are_taken(self):
        self.model.units["a"] = "1000 mm"
        Table(self.table).write(self.folder / "same.fits")
        for given in (self.folder / "same.fits", calanque.Source.from_arrays(self.data), calanque.Source.from_table(self.table)):
            self.assertEqual(calanque.evaluate(self.model, given)["metrics"]["rmse"], self.score)
        del self.model.units["a"]
        calanque.evaluate(self.model, calanque.Source.from_table(self.other))


if __name__ == "__main__":
    unittest.main()
