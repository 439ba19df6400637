# tests/hosts/python/arrays_test.py -- arrays in: borrowed by address, copied, refused.
# SPDX-License-Identifier: BSD-3-Clause
import gc
import types
import unittest
import weakref

import numpy as np
from astropy.table import MaskedColumn, Table

import calanque
from common import TEST, TRAIN, Case, trained


class Lent:
    """An array that shows its DLPack protocol and nothing else."""

    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **options):
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


class Odd:
    """An array that is none."""

    def __array__(self, *options, **named):
        raise TypeError("none\nat all")


class Borrowed(Case):
    def test_is_read_where_it_lies(self):
        x = np.arange(6, dtype="f4")
        source = calanque.Source.from_arrays({"x": x}, borrow=True)
        x[3] = 77  # after the source was made: it has no copy
        self.assertEqual(source.read("x", [3, 0]).tolist(), [77, 0])

    def test_is_read_where_a_tensor_has_it(self):
        x = np.arange(6, dtype="f4")
        source = calanque.Source.from_arrays({"x": Lent(x)}, borrow=True)
        x[3] = 77
        self.assertEqual(source.read("x", [3, 0]).tolist(), [77, 0])
        self.refuses(ValueError, "x: an array with strides (8,)", calanque.Source.from_arrays, {"x": Lent(x[::2])}, True)

    def test_lives_as_long_as_its_source(self):
        x = np.arange(6, dtype="f4")
        seen = weakref.ref(x)
        source = calanque.Source.from_arrays({"x": x}, borrow=True)
        del x
        gc.collect()
        self.assertIsNotNone(seen())
        del source
        gc.collect()
        self.assertIsNone(seen())

    def test_reads_into_the_array_that_it_is_given(self):
        source = calanque.Source.open(TRAIN)
        out = np.empty(3)
        self.assertIs(source.read("Z", [0, 5, 3], out=out), out)
        self.assertEqual(out.tolist(), Table.read(TRAIN)["Z"][[0, 5, 3]].tolist())
        self.refuses(calanque.InvalidError, "out must be", source.read, "Z", [0], out=np.empty(1, "f4"))

    def test_refuses_in_one_sentence(self):
        lend = lambda x: calanque.Source.from_arrays({"x": x}, borrow=True)
        self.refuses(ValueError, "x: big-endian numbers (>f4) cannot be borrowed", lend, np.zeros(4, ">f4"))
        self.refuses(ValueError, "x: an array with strides (32, 16)", lend, np.zeros((4, 4))[:, ::2])
        self.refuses(ValueError, "x: list cannot be borrowed", lend, [1.0, 2.0])
        self.refuses(ValueError, "x: numbers of type complex128", lend, np.zeros(3, complex))
        self.refuses(ValueError, "had to be copied", lend, np.ma.array([1.0, 2.0], mask=[0, 1]))


class Copied(Case):
    def test_takes_any_order_and_strides(self):
        plain = np.arange(24, dtype="f4").reshape(4, 6)
        for array in (plain.astype(">f4"), np.asfortranarray(plain), np.repeat(plain, 2, axis=1)[:, ::2]):
            source = calanque.Source.from_arrays({"x": array})
            np.testing.assert_array_equal(source["x"], plain)

    def test_every_type_of_number_comes_back(self):
        for code in ("f4", "f8", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"):
            x = np.array([0, 1, 100], code)
            back = calanque.Source.from_arrays({"x": x})["x"]
            self.assertEqual((back.dtype, back.tolist()), (x.dtype, x.tolist()))

    def test_masked_floats_are_missing_and_masked_integers_refused(self):
        column = MaskedColumn([1.0, 2.0], mask=[False, True])
        self.assertTrue(np.isnan(calanque.Source.from_arrays({"x": column})["x"][1]))
        whole = MaskedColumn([1, 2], mask=[False, True])
        self.refuses(ValueError, "x: 1 masked values of type int64", calanque.Source.from_arrays, {"x": whole})
        texts = MaskedColumn(["M31", "M33"], mask=[False, True])
        self.refuses(ValueError, "x: texts of type <U3 are not known", calanque.Source.from_arrays, {"x": texts})

    def test_refuses_names_that_are_no_texts_and_single_numbers(self):
        frame = types.SimpleNamespace(columns=[0, 1])
        self.refuses(ValueError, "names of columns must be texts, one is 0", calanque.Source.from_table, frame)
        self.refuses(ValueError, "names of columns must be texts, one is 7", calanque.Source.from_arrays, {7: [1.0]})
        self.refuses(ValueError, "a is one number, wanted an array", calanque.Source.from_arrays, {"a": 1.0})

    def test_refuses_what_is_no_array_in_one_sentence(self):
        ragged = [[1.0, 2.0], [3.0]]
        words = "its lists differ in length, wanted [n] or [n, ...]"
        self.refuses(calanque.InvalidError, f"x: {words}", calanque.Source.from_arrays, {"x": ragged})
        source = calanque.Source.from_arrays({"x": [1.0, 2.0]})
        self.refuses(calanque.InvalidError, f"rows: {words}", source.read, "x", ragged)
        model, _ = trained(train={"epochs": 1})
        self.refuses(calanque.InvalidError, f"scalars: {words}", model.predict, ragged)
        self.refuses(calanque.InvalidError, f"dense1.bias: {words}", model.states.__setitem__, "dense1.bias", ragged)
        self.refuses(calanque.InvalidError, "x: NumPy makes no array of Odd: none at all", calanque.Source.from_arrays,
                     {"x": Odd()})

    def test_refuses_arrays_of_unequal_length(self):
        self.refuses(ValueError, "b has 3 samples, a has 2", calanque.Source.from_arrays, {"a": [1, 2], "b": [1, 2, 3]})


class Files(Case):
    def test_agree_with_astropy_to_the_bit(self):
        table, source = Table.read(TRAIN), calanque.Source.open(TRAIN)
        self.assertEqual(list(source.fields), table.colnames)
        for name in table.colnames:
            np.testing.assert_array_equal(source[name], np.asarray(table[name]))
        self.assertEqual(source.units["MAG_R"], "mag")

    def test_a_table_keeps_its_units(self):
        source = calanque.Source.from_table(Table.read(TRAIN), columns=["MAG_R", "Z"])
        self.assertEqual(source.units, {"MAG_R": "mag", "Z": ""})

    def test_rows_are_found_by_id_and_written(self):
        table, source = Table.read(TRAIN), calanque.Source.open(TRAIN)
        self.assertEqual(source.find(table["OBJID"][41], "OBJID"), 41)
        source.write(self.folder / "part.fits", fields=["Z", "MAG_*"], first=10, n=5)
        self.assertEqual(Table.read(self.folder / "part.fits")["Z"].tolist(), table["Z"][10:15].tolist())

    def test_are_read_by_numbers_of_rows_alone(self):
        source = calanque.Source.open(TEST)
        self.assertEqual(source.read("Z", []).shape, (0,))
        self.assertEqual(source.read("Z", np.uint8(3)).shape, (1,))
        self.refuses(ValueError, "rows must be integers, got bool: np.flatnonzero", source.read, "Z", [True, False])
        self.refuses(ValueError, "rows must be integers, got float64", source.read, "Z", [1.5])
        self.refuses(ValueError, "got an array of [1, 2]", source.read, "Z", [[1, 2]])
        self.refuses(calanque.CalanqueError, "6000", source.read, "Z", [6000])

    def test_of_text_have_columns_of_bytes(self):
        (self.folder / "names.csv").write_text("name,z\nM31,0.001\nNGC1275,0.0176\n")
        source = calanque.Source.open(self.folder / "names.csv")
        self.assertEqual([name.rstrip(b" \0") for name in source["name"]], [b"M31", b"NGC1275"])
        self.assertEqual(source["z"].tolist(), [0.001, 0.0176])
        self.assertEqual(source.find("NGC1275", "name"), 1)

    def test_are_scanned_and_looked_at(self):
        source = calanque.Source.open(TEST)
        self.assertEqual(source.scan(null=[-99])["rows"], len(source))
        self.assertIn("MAG_R", str(source.look(3)))

    def test_say_what_is_not_there(self):
        self.refuses(LookupError, "nowhere.fits", calanque.Source.open, "nowhere.fits")
        self.refuses(LookupError, "no field 'ZZ'", calanque.Source.open(TRAIN).read, "ZZ")


if __name__ == "__main__":
    unittest.main()
