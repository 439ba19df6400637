# tests/hosts/python/tables_test.py -- tables in: pandas' own types of numbers; columns that nobody reads.
# SPDX-License-Identifier: BSD-3-Clause
import importlib.util
import unittest

import numpy as np

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

    def test_are_asked_and_trained_with(self):
        data = arrays()
        frame = pandas.DataFrame(data).astype({"a": "Float32", "b": "Float64"})
        model, expected = calanque.train(with_values(), frame, progress=False), trained()[0]
        self.assertEqual(model.id, expected.id)
        inputs = {"a": data["a"][:9], "b": data["b"][:9]}
        np.testing.assert_array_equal(model.predict(frame[:9]).values, expected.predict(inputs).values)


if __name__ == "__main__":
    unittest.main()
