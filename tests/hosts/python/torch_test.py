# tests/hosts/python/torch_test.py -- batches for PyTorch: the same from any number of workers.
# SPDX-License-Identifier: BSD-3-Clause
import os
import unittest

import numpy as np
import torch
from astropy.table import Table

import calanque
from calanque.torch import Loader, Reader
from common import ROOT, TRAIN, Case, trained

FIELDS = {"x": ["MAG_*", "MAGERR_*"], "z": "Z", "id": "OBJID"}


class Batches(Case):
    def test_are_the_tables_rows_in_the_librarys_order(self):
        table, reader = Table.read(TRAIN), Reader(TRAIN, FIELDS, batch=100, seed=7)
        rows = calanque.order(7, 0, len(table))
        ids = torch.cat([batch["id"] for batch in Loader(reader)])
        self.assertEqual(ids.tolist(), table["OBJID"][rows].tolist())
        first = reader.read(0)
        np.testing.assert_array_equal(first["z"].numpy(), table["Z"][rows[:100]])
        self.assertEqual(first["x"].shape, (100, 10))
        np.testing.assert_array_equal(first["x"].numpy()[:, 0], table["MAG_U"][rows[:100]])

    def test_are_the_same_from_any_number_of_workers(self):
        def two_epochs(workers):
            loader = Loader(Reader(TRAIN, FIELDS, batch=1000, seed=3), workers=workers)
            return [torch.cat([batch["id"] for batch in loader]).tolist() for _ in range(2)]

        one, three = two_epochs(0), two_epochs(3)
        self.assertEqual(one, three)
        self.assertNotEqual(one[0], one[1])
        self.assertEqual(sorted(one[0]), sorted(one[1]))

    def test_go_on_where_they_were_left(self):
        loader = Loader(Reader(TRAIN, FIELDS, batch=1000), epoch=2)
        whole = [batch["id"].tolist() for batch in loader]
        again = Loader(Reader(TRAIN, FIELDS, batch=1000), epoch=2, batch=5)
        self.assertEqual([batch["id"].tolist() for batch in again], whole[5:])
        self.assertEqual((again.epoch, again.batch), (3, 0))

    def test_may_be_of_some_rows_and_without_a_rest(self):
        reader = Reader(TRAIN, ["OBJID"], batch=4, seed=None, rows=range(20, 30), last=False)
        ids = Table.read(TRAIN)["OBJID"]
        self.assertEqual([b["OBJID"].tolist() for b in reader], [list(ids[20:24]), list(ids[24:28])])

    def test_follow_a_run_file(self):
        os.chdir(ROOT)  # paths of a run file are seen from the working folder
        reader = Reader("projects/deepdip/runs/boss_dr10.toml", batch=8)
        self.assertEqual({name: tuple(t.shape) for name, t in reader.read(0).items()},
                         {"scalars": (8, 10), "target": (8,)})

    def test_say_what_is_wrong(self):
        self.refuses(ValueError, "no numbers 'MAGG_*'", Reader, TRAIN, {"x": ["MAGG_*"]})
        self.refuses(ValueError, "batch must be from 1 to", Reader, TRAIN, batch=0)
        self.refuses(ValueError, "batch must be an integer, got float: 1.5", Reader, TRAIN, batch=1.5)
        self.assertEqual(list(Reader(TRAIN, "OBJID").fields), ["OBJID"])
        self.refuses(ValueError, "fields must be names, got int: 3", Reader, TRAIN, 3)
        source = calanque.Source.open(TRAIN)
        with self.assertRaisesRegex(Exception, "a Source cannot go into a worker"):
            list(Loader(Reader(source, ["Z"], batch=6000), workers=1))


class Tensors(Case):
    def test_share_memory_with_predictions_and_are_inputs(self):
        model, data = trained(train={"epochs": 1})
        rows = torch.tensor(np.stack([data["a"], data["b"]], axis=1)[:9])
        answer = model.predict(rows)
        tensor = torch.from_dlpack(answer.tensor())
        self.assertEqual(tensor.data_ptr(), answer.values.ctypes.data)
        tensor[0, 0] = 5
        self.assertEqual(answer.values[0, 0], 5)
        self.refuses(ValueError, "keeps a gradient", model.predict, rows.requires_grad_())
        state = torch.from_dlpack(model.states.tensor("dense1.weights"))
        np.testing.assert_array_equal(state.numpy(), model.states["dense1.weights"])

    def test_of_types_that_numpy_lacks_are_refused_with_what_to_give(self):
        x = torch.arange(6, dtype=torch.bfloat16)
        words = "x: NumPy takes no tensor of torch.bfloat16, give x.float()"
        self.refuses(calanque.InvalidError, words, calanque.Source.from_arrays, {"x": x})
        self.refuses(calanque.InvalidError, words, calanque.Source.from_arrays, {"x": x}, True)
        sparse = torch.eye(3).to_sparse()
        self.refuses(calanque.InvalidError, "x: NumPy takes no tensor", calanque.Source.from_arrays, {"x": sparse})

    def test_are_borrowed_by_address(self):
        x = torch.arange(6, dtype=torch.float32)
        source = calanque.Source.from_arrays({"x": x}, borrow=True)
        x[3] = 77
        self.assertEqual(source.read("x", [3]).tolist(), [77])


if __name__ == "__main__":
    unittest.main()
