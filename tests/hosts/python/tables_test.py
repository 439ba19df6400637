# tests/hosts/python/tables_test.py -- tables in: pandas' own types of numbers; columns that nobody reads.
# SPDX-License-Identifier: BSD-3-Clause
import importlib.util
import unittest

import numpy as np
from astropy.table import MaskedColumn, Table

import calanque
from common import Case, arrays, trained, with_values

pandas = importlib.import_module("pandas") if importlib.util.find_spec("pandas") else None


@unittest.skipUnless(pandas, "there is no pandas")
class Frames(Case):
    def frame(self, **columns):
        return pandas.DataFrame({name: pandas.array(values, dtype=kind) for name, (values, kind) in columns.items()})

    def test_have_missing_numbers_that_are_nan(self):
        source = calanque.Source.from_table(self.frame(x=([1.5, None, 3], "Float64"), y=([1, None, 3], "Float32")))
        self.assertEqual(str(source["x"].tolist()), "[1.5, nan, 3.0]")
        self.assertEqual((source["y"].dtype, np.isnan(source["y"]).tolist()), (np.float32, [False, True, False]))

    def test_have_whole_numbers_where_none_is_missing(self):
        source = calanque.Source.from_table(self.frame(i=([1, 2**62], "Int64"), t=([True, False], "boolean")))
        self.assertEqual((source["i"].dtype, source["i"].tolist()), (np.int64, [1, 2**62]))
        self.assertEqual(source["t"].tolist(), [1, 0])
        frame = self.frame(i=([1, None], "Int64"), t=([None, None], "boolean"))
        words = "i: 1 masked values of type int64, which has no NaN: fill them, or leave these rows out"
        self.refuses(ValueError, words, calanque.Source.from_table, frame, ["i"])
        self.refuses(ValueError, "t: 2 masked values of type bool", calanque.Source.from_table, frame, ["t"])

    def test_have_each_name_once(self):
        frame = pandas.DataFrame([[1.0, 2.0, 3.0]] * 4, columns=["a", "a", "b"])
        model, _ = trained(train={"epochs": 1})
        for call in (calanque.Source.from_table, model.predict, lambda frame: calanque.train(with_values(), frame),
                     lambda frame: calanque.evaluate(model, frame), lambda frame: calanque.Source.from_table(frame, ["a"])):
            self.refuses(calanque.InvalidError, "two columns are named 'a'", call, frame)
        self.assertEqual(list(calanque.Source.from_table(frame, "b").fields), ["b"])

    def test_have_texts_that_are_called_so(self):
        frame = self.frame(name=(["M31", None], None), kind=(["M31", "x"], "string"), mixed=([None, {}], "object"))
        why = calanque.Source.from_table(frame.assign(a=[1.0, 2.0])).left_out
        self.assertIn("name: texts of type object are not known, wanted floats or integers", why["name"])
        self.assertIn("kind: texts of type object are not known", why["kind"])
        self.assertIn("mixed: numbers of type object are not known", why["mixed"])

    def test_are_asked_and_trained_with(self):
        data = arrays()
        frame = pandas.DataFrame(data).astype({"a": "Float32", "b": "Float64"})
        model, expected = calanque.train(with_values(), frame, progress=False), trained()[0]
        self.assertEqual(model.id, expected.id)
        inputs = {"a": data["a"][:9], "b": data["b"][:9]}
        np.testing.assert_array_equal(model.predict(frame[:9]).values, expected.predict(inputs).values)


class Columns(Case):
    """One table for all: a, b, y as ever, and columns that are no numbers of the library's."""

    def setUp(self):
        super().setUp()
        data = arrays()
        whole = MaskedColumn(np.arange(640), mask=np.arange(640) < 3)
        self.others = {"MAG": whole, "name": np.array(["M31"] * 640), "c": data["a"] * 1j, "wide": data["a"].astype("g"),
                       "mixed": np.array([None] * 640)}
        self.table = {**data, **self.others}
        self.why = "MAG: 3 masked values of type int64, which has no NaN: fill them, or leave these rows out"

    def test_that_nobody_reads_stop_nothing(self):
        expected, data = trained()
        for table in (self.table, Table(self.table)):
            model = calanque.train(with_values(), table, progress=False)
            self.assertEqual(model.id, expected.id)
            self.assertEqual(calanque.evaluate(model, table), calanque.evaluate(expected, data))
            self.assertEqual(calanque.predict(model, table, self.folder / "answers.fits", keep=["y"])["bad"], 0)

    def test_are_left_out_and_said_to_be(self):
        source = calanque.Source.from_table(self.table)
        self.assertEqual(list(source.fields), ["a", "b", "y"])
        self.assertEqual(sorted(source.left_out), sorted(self.others))
        self.assertEqual(source.left_out["MAG"], self.why)
        self.refuses(LookupError, self.why, source.read, "MAG")
        self.refuses(LookupError, "name: texts of type <U3 are not known", source.read, "name")
        self.refuses(LookupError, "no field 'ZZ'", source.read, "ZZ")
        self.refuses(ValueError, self.why, calanque.Source.from_table, self.table, ["a", "MAG"])
        self.refuses(ValueError, self.why, calanque.Source.from_table, {"MAG": self.others["MAG"]})

    def test_that_are_not_there_or_named_twice_are_refused(self):
        for table in (self.table, Table(self.table), Table(arrays()).as_array()):
            self.refuses(LookupError, "the table has no column 'ZZ', it has a, b, y", calanque.Source.from_table, table, ["ZZ"])
            self.refuses(ValueError, "two columns are named 'a'", calanque.Source.from_table, table, ["a", "a"])
        self.refuses(ValueError, "arrays must be a mapping, got Table", calanque.Source.from_arrays, Table(arrays()))

    def test_that_the_run_reads_are_refused_with_the_reason(self):
        reads = [("data.scalars", {"scalars": ["a", "MAG"]}), ("data.scalars", {"scalars": ["a", "M*"]}),
                 ("data.target", {"target": "MAG"}), ("data.target", {"target": {"T": "y - 2 * MAG"}}),
                 ("data.weight", {"weight": "MAG"}), ("data.where", {"where": "a < 2 && `MAG` > 3"}),
                 ("data.id", {"id": "MAG"}), ("data.images", {"images": "{MAG}.fits"})]
        for key, values in reads:
            self.refuses(calanque.InvalidError, f"{key}: {self.why}", calanque.train, with_values(data=values), self.table)
        self.refuses(ValueError, f"output.keep: {self.why}", calanque.train, with_values(output={"keep": ["MAG"]}), self.table)
        calanque.train(with_values(output={"keep": ["*"]}, data={"where": "abs(a) < 2", "scalars": ["a"]}),
                       {**self.table, "abs": self.others["name"]}, progress=False)  # a glob keeps what is there
        source, config = calanque.Source.from_table(self.table), calanque.Config(with_values(data={"weight": "MAG"}))
        model, _ = trained()
        self.refuses(ValueError, self.why, model.fit, source, config)
        self.refuses(ValueError, self.why, calanque.Trainer, model, source, config)

    def test_that_a_model_reads_are_refused_with_the_reason(self):
        data = {**arrays(), "MAG": np.ones(640)}
        train = lambda **sections: calanque.train(with_values(**sections), data, progress=False)
        weighed, kept = train(data={"weight": "MAG", "where": "MAG > 0"}), train(output={"keep": ["MAG"]})
        wide = train(data={"scalars": ["a", "MAG"]})
        self.refuses(ValueError, f"data.weight: {self.why}", calanque.evaluate, weighed, self.table)
        self.refuses(ValueError, f"where: {self.why}", calanque.evaluate, trained()[0], self.table, where="MAG > 5")
        self.refuses(ValueError, f"data.scalars: {self.why}", calanque.predict, [kept, wide], self.table, "a.fits", keep=[])
        self.refuses(ValueError, f"output.keep: {self.why}", calanque.predict, kept, self.table, self.folder / "a.fits")
        calanque.predict([weighed, kept], self.table, self.folder / "a.fits", keep=[])
        calanque.evaluate(kept, self.table)


if __name__ == "__main__":
    unittest.main()
