# tests/hosts/python/model_test.py -- models: asked in several ways, from threads and processes; their numbers.
# SPDX-License-Identifier: BSD-3-Clause
import ctypes
import multiprocessing
import pickle
import threading
import unittest
import weakref

import numpy as np
from astropy.table import Table

import calanque
from calanque import _dlpack
from calanque._library import lib
from common import Case, trained, with_values


class Answers(Case):
    def setUp(self):
        super().setUp()
        self.model, self.data = trained()
        self.rows = np.stack([self.data["a"], self.data["b"]], axis=1)[:50]

    def by_hand(self):
        """The C API's own answer."""
        out = np.empty(50, "f4")
        lib.clq_predict(self.model.handle, self.rows.ctypes.data, 50, 2, out.ctypes.data, 1)
        return out

    def test_are_the_c_apis_bits(self):
        expected = self.by_hand()
        for inputs in (self.rows, self.rows.astype("f8"), self.rows.astype(">f4"), np.asfortranarray(self.rows),
                       {"a": self.rows[:, 0], "b": self.rows[:, 1]}, {"scalars": self.rows}):
            answer = self.model.predict(inputs)
            self.assertEqual(answer.values.shape, (50, 1))
            np.testing.assert_array_equal(answer.values[:, 0], expected)

    def test_have_a_status_a_sample(self):
        self.rows[7, 1] = np.nan
        answer = self.model.predict(self.rows)
        self.assertEqual(np.flatnonzero(answer.status).tolist(), [7])
        self.assertEqual(np.flatnonzero(np.isnan(answer.values[:, 0])).tolist(), [7])
        self.assertEqual(answer["FLAG_BAD"].tolist(), answer.status.tolist())
        self.assertFalse(answer.ok[7])

    def test_survive_a_bundle_and_another_process(self):
        self.model.save(self.folder / "m.safetensors")
        loaded = calanque.Model.load(self.folder / "m.safetensors")
        self.assertEqual(loaded.id, self.model.id)
        pickled = pickle.loads(pickle.dumps(self.model))
        np.testing.assert_array_equal(pickled.predict(self.rows).values[:, 0], self.by_hand())

    def test_are_the_same_from_eight_threads(self):
        expected, found = self.model.predict(self.rows).values, []
        work = lambda: found.extend(self.model.predict(self.rows).values for _ in range(5))
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(found), 40)
        for values in found:
            np.testing.assert_array_equal(values, expected)

    def test_refuse_what_is_no_input(self):
        predict = self.model.predict
        self.refuses(ValueError, "must have 3 samples of 2 elements each, got [3, 5]", predict, np.zeros((3, 5)))
        self.refuses(ValueError, "the inputs lack b", predict, {"a": [1.0]})
        self.refuses(ValueError, "no sample", predict, np.zeros((0, 2)))
        self.refuses(ValueError, "along their first axis", predict, np.float32(1))
        self.refuses(LookupError, "no output 'ZPHOT'", predict(self.rows).__getitem__, "ZPHOT")

    def test_refuse_an_input_beside_its_columns(self):
        a, b = self.rows.T
        words = "the inputs name both 'scalars', which is all of a, b, and a, b: give 'scalars' alone, [n, columns], or"
        for inputs in ({"scalars": self.rows, "a": a, "b": b}, Table({"scalars": a, "a": a, "b": b})):
            self.refuses(ValueError, words, self.model.predict, inputs)
        self.refuses(ValueError, "of a, b, and b: give", self.model.predict, {"scalars": self.rows, "b": b})

    def test_of_a_column_that_is_called_as_the_input_want_the_whole(self):
        data = {**self.data, "scalars": self.data["a"]}
        model = calanque.train(with_values(data={"scalars": ["scalars", "b"]}), data, progress=False)
        a, b = self.rows.T
        words = "give 'scalars' alone, [n, columns]"
        for inputs in ({"scalars": a, "b": b}, {"scalars": a}, Table(data)):
            self.assertNotIn("or its", str(self.refuses(ValueError, words, model.predict, inputs)))
        np.testing.assert_array_equal(model.predict({"scalars": self.rows}).values, self.model.predict(self.rows).values)
        one = calanque.train(with_values(data={"scalars": ["scalars"]}), data, progress=False)
        self.assertEqual(one.predict({"scalars": a}).values.shape, (50, 1))

    def test_of_a_closed_model_are_an_error(self):
        self.model.close()
        self.model.close()
        self.refuses(ValueError, "", self.model.predict, self.rows)

    def test_after_a_fork_are_an_error(self):
        context = multiprocessing.get_context("fork")
        answers = context.Queue()
        child = context.Process(target=ask_in_child, args=(self.model, self.rows, answers))
        child.start()
        kind, text = answers.get(timeout=60)
        child.join()
        self.assertEqual(kind, "ForkedError", text)
        self.assertIn("fork", text)

    def test_of_a_model_made_after_a_fork_are_the_same_bits(self):
        self.model.save(self.folder / "m.safetensors")
        context = multiprocessing.get_context("fork")
        answers = context.Queue()
        child = context.Process(target=load_in_child, args=(self.folder / "m.safetensors", self.rows, answers))
        child.start()
        found = answers.get(timeout=60)
        child.join()
        np.testing.assert_array_equal(found, self.model.predict(self.rows).values)


def ask_in_child(model, rows, answers):
    try:
        answers.put(("none", str(model.predict(rows))))
    except Exception as error:  # whatever it is, the parent compares it
        answers.put((type(error).__name__, str(error)))


def load_in_child(path, rows, answers):
    answers.put(calanque.Model.load(path).predict(rows).values)


class Sources(Case):
    def test_are_scored_and_answered_as_arrays_tables_and_files(self):
        model, data = trained()
        table = Table(data)
        table.write(self.folder / "data.fits")
        scores = [calanque.evaluate(model, given)["metrics"] for given in
                  (data, table, calanque.Source.from_arrays(data, borrow=True), self.folder / "data.fits")]
        self.assertEqual(scores[1:], scores[:1] * 3)
        answer = model.predict(np.stack([data["a"], data["b"]], axis=1)).values[:, 0]
        self.assertAlmostEqual(scores[0]["rmse"], np.sqrt(np.mean((answer - data["y"]) ** 2)), delta=1e-7)
        counts = calanque.predict([model], table, self.folder / "answers.fits", batch=100)
        self.assertEqual((counts["rows"], counts["bad"]), (640, 0))
        np.testing.assert_array_equal(Table.read(self.folder / "answers.fits", hdu=1)["PRED"], answer)

    def test_need_a_model(self):
        self.refuses(ValueError, "no models", calanque.evaluate, [], {"a": [1.0]})
        self.refuses(ValueError, "models must be a Model, got str", calanque.evaluate, ["m"], {"a": [1.0]})


class Lives(Case):
    def test_end_with_the_last_name(self):
        model, data = trained(train={"epochs": 1})
        model.states["dense1.bias"] = model.states["dense1.bias"]
        seen, handle = weakref.ref(model), model.handle
        answer = model.predict({"a": data["a"], "b": data["b"]})
        del model
        self.assertIsNotNone(seen())  # the answer keeps it
        del answer
        self.assertIsNone(seen())
        self.refuses(ValueError, "", lib.clq_model_n_parameters, handle)


class Numbers(Case):
    def test_are_read_and_written_by_name(self):
        model, _ = trained(train={"epochs": 1})
        self.assertEqual(sorted(model.states), ["dense1.bias", "dense1.weights", "dense2.bias", "dense2.weights"])
        self.assertEqual(model.states["dense1.weights"].shape, (8, 2))
        self.assertEqual(sum(array.size for array in model.states.values()), model.n_parameters)
        model.states["dense2.weights"] = np.zeros((1, 8))
        bias = model.states["dense2.bias"][0]
        np.testing.assert_array_equal(model.predict(np.ones((2, 2))).values, [[bias], [bias]])
        self.refuses(ValueError, "is [8, 2], got [2, 8]", model.states.__setitem__, "dense1.weights", np.ones((2, 8)))
        self.refuses(KeyError, "no state 'dense3.bias'", model.states.__getitem__, "dense3.bias")

    def test_cards_name_the_model(self):
        model, _ = trained(train={"epochs": 1})
        self.assertEqual([len(card) for card in model.cards], [80] * 3)
        self.assertIn(model.id, model.cards[1])


class Capsules(Case):
    def test_are_versioned_and_writable_and_let_go(self):
        array = np.arange(6, dtype="f4").reshape(2, 3)
        capsule = calanque.Tensor(array).__dlpack__(max_version=(1, 0))
        point = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
            ("PyCapsule_GetPointer", ctypes.pythonapi))
        managed = ctypes.cast(point(capsule, b"dltensor_versioned"), ctypes.POINTER(_dlpack._Versioned)).contents
        self.assertEqual((managed.major, managed.flags, managed.tensor.data), (1, 0, array.ctypes.data))
        self.assertEqual(list(managed.tensor.shape[:2]), [2, 3])
        held = len(_dlpack._lent)
        del managed, capsule
        self.assertEqual(len(_dlpack._lent), held - 1)

    def test_share_memory_with_numpy(self):
        tensor = calanque.Tensor(np.arange(4, dtype="f8"))
        view = np.from_dlpack(tensor)
        self.assertEqual(view.ctypes.data, tensor.array.ctypes.data)
        self.assertEqual(view.flags.writeable, np.lib.NumpyVersion(np.__version__) >= "2.1.0")  # who reads versions
        self.assertRaises(BufferError, tensor.__dlpack__, dl_device=(2, 0))


if __name__ == "__main__":
    unittest.main()
