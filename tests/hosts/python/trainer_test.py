# tests/hosts/python/trainer_test.py -- training: iterated, in turns, interrupted, resumed; the host's own loop.
# SPDX-License-Identifier: BSD-3-Clause
import copy
import importlib.util
import io
import os
import pty
import signal
import subprocess
import sys
import threading
import time
import unittest
from unittest import mock

import numpy as np

import calanque
from common import Case, arrays, trained, with_values


def open_trainer(folder=None, n=640, **sections):
    config, source = calanque.Config(with_values(**sections)), calanque.Source.from_arrays(arrays(n))
    return calanque.Trainer(calanque.Model.create(config, source), source, config, folder, progress=False), source


class Runs(Case):
    def test_give_a_row_an_epoch(self):
        trainer, _ = open_trainer()
        with trainer:
            rows = list(trainer)
            self.assertEqual([row["epoch"] for row in rows], [1, 2, 3])
            self.assertLess(rows[2]["train_loss"], rows[0]["train_loss"])
            self.assertEqual((trainer.epoch, trainer.step), (3, trainer.steps_in_all))
            self.assertTrue(trainer.run(0.1))
        self.refuses(ValueError, "", trainer.get, "loss")

    def test_are_the_same_bits_in_turns_or_at_once(self):
        trainer, _ = open_trainer()
        while not trainer.run(0.001):
            pass
        model, _ = trained()
        self.assertEqual(model.id, trainer.model.id)
        self.assertEqual(len(model.history), 3)

    def test_go_on_from_a_checkpoint_bit_by_bit(self):
        folder = self.folder / "run"
        trainer, source = open_trainer(folder)
        trainer.steps(7)
        trainer.stop()
        self.assertTrue(trainer.run())
        trainer.close()
        with calanque.Trainer.resume(folder, source) as resumed:
            resumed.run()
            whole, _ = trained()
            self.assertEqual(resumed.model.id, whole.id)

    def test_of_so_many_seconds_count_those_that_a_step_takes(self):
        trainer, _ = open_trainer(train={"epochs": 100000})
        with mock.patch("calanque.trainer.time.monotonic", side_effect=[0, 2]) as clock:
            self.assertFalse(trainer.run(1))
        self.assertEqual(clock.call_count, 2)
        for wrong in (-1, float("nan")):
            self.refuses(ValueError, "seconds must be a number from 0 on", trainer.run, wrong)

    def test_stop_from_another_thread(self):
        trainer, _ = open_trainer(train={"epochs": 100000})
        threading.Timer(0.3, trainer.stop).start()
        self.assertTrue(trainer.run(60))
        self.assertEqual(trainer.get("stopped"), 1)

    def test_say_what_they_are_made_of(self):
        config, source = calanque.Config(with_values()), calanque.Source.from_arrays(arrays())
        self.refuses(ValueError, "config must be a Config, got dict", calanque.Model.create, with_values(), source)
        self.refuses(ValueError, "model must be a Model, got Config", calanque.Trainer, config, source, config)
        self.refuses(TypeError, "cannot be pickled", copy.copy, source)

    def test_say_which_key_or_folder_is_wrong(self):
        wrong = with_values(train={"epoch": 2})
        self.refuses(ValueError, "did you mean 'train.epochs'", calanque.train, wrong, arrays())
        (self.folder / "model.safetensors").write_text("not ours")
        self.refuses(calanque.CalanqueError, str(self.folder), open_trainer, self.folder)
        trainer, _ = open_trainer()
        self.refuses(calanque.CalanqueError, "losss", trainer.get, "losss")


INTERRUPTED = """
import sys, time, calanque
from common import arrays, with_values
print("begins", flush=True)
try:
    calanque.train(with_values(train={"epochs": 1000000}), arrays(), sys.argv[1], progress=False)
except KeyboardInterrupt:
    print("interrupted", time.monotonic(), flush=True)
"""


class Interrupts(Case):
    def test_come_at_once_and_keep_a_checkpoint(self):
        command = [sys.executable, "-c", INTERRUPTED, str(self.folder / "run")]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=os.path.dirname(__file__))
        self.assertEqual(child.stdout.readline(), "begins\n")
        while not (self.folder / "run" / "metrics.csv").exists():
            time.sleep(0.05)
        time.sleep(0.5)
        sent = time.monotonic()
        child.send_signal(signal.SIGINT)
        word, seen = child.communicate(timeout=60)[0].split()
        self.assertEqual((word, child.returncode), ("interrupted", 0))
        print(f"KeyboardInterrupt and the checkpoint: {float(seen) - sent:.2f} s", file=sys.stderr)
        self.assertLess(float(seen) - sent, 10)  # a turn takes 0.1 s; the rest is a busy machine's
        self.assertTrue((self.folder / "run/checkpoints/last.safetensors").exists())

    def test_leave_the_model_of_a_training_without_a_folder(self):
        self.refuses(ValueError, "no training by calanque.train was interrupted", calanque.last)
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
        with self.assertRaises(KeyboardInterrupt):
            calanque.train(with_values(train={"epochs": 1000000}), arrays(), progress=False)
        model = calanque.last()
        self.assertTrue(np.isfinite(model.predict({key: arrays()[key][:3] for key in "ab"}).values).all())
        model.save(self.folder / "kept.safetensors")
        self.assertEqual(calanque.Model.load(self.folder / "kept.safetensors").id, model.id)


class OwnLoop(Case):
    def test_learns_from_arrays_that_are_filled_anew(self):
        trainer, _ = open_trainer(n=640)
        a, b, y = np.empty(32, "f4"), np.empty(32, "f4"), np.empty(32)
        source = calanque.Source.from_arrays({"a": a, "b": b, "y": y}, borrow=True)
        generator, steps, finished = np.random.default_rng(1), 0, False
        while not finished:
            a[:], b[:] = generator.uniform(-1, 1, (2, 32))
            y[:] = a - 2 * b
            finished = trainer.batch(source, np.arange(32))
            steps += 1
        self.assertEqual(steps, trainer.steps_in_all)
        answer = trainer.model.predict({"a": a, "b": b}).values[:, 0]
        self.assertLess(np.std(answer - y), 0.7 * np.std(y))  # it has learned more than the mean

    def test_the_host_may_be_the_optimizer(self):
        trainer, source = open_trainer(train={"split_step": True, "optimizer": {"name": "sgd", "lr": 0.5}})
        before = trainer.model.states["dense2.bias"]
        trainer.gradients(source, [0, 5, 9])
        gradient = trainer.gradient["dense2.bias"]
        self.assertNotEqual(gradient[0], 0)
        trainer.gradient["dense2.bias"] = 2 * gradient
        trainer.apply()
        np.testing.assert_allclose(trainer.states["dense2.bias"], before - gradient, rtol=1e-6)  # 0.5 x 2, in F32
        trainer.states["dense2.bias"] = np.array([3.0])
        self.assertEqual(trainer.model.states["dense2.bias"].tolist(), [3.0])

    def test_a_bad_batch_leaves_the_trainer_as_it_was(self):
        trainer, _ = open_trainer()
        data = arrays()
        data["a"][7] = np.nan
        source = calanque.Source.from_arrays(data)
        error = self.refuses(calanque.DataError, "row 7", trainer.batch, source, [6, 7])
        self.assertEqual((error.status, trainer.step), (-9, 0))
        self.assertFalse(trainer.batch(source, [6, 8]))


NOTEBOOK = """
import calanque
from common import arrays, with_values
calanque.train(with_values(train={"epochs": 2}), arrays());
"""


class Progress(Case):
    def test_is_silent_where_nobody_looks(self):
        kept, sys.stderr = sys.stderr, io.StringIO()
        try:
            calanque.train(with_values(train={"epochs": 1}), arrays())
            self.assertEqual(sys.stderr.getvalue(), "")
        finally:
            sys.stderr = kept

    def test_is_plain_lines_in_a_log_that_wants_them(self):
        kept, sys.stderr = sys.stderr, io.StringIO()
        try:
            calanque.train(with_values(train={"epochs": 1}), arrays(), progress=True)
            shown = sys.stderr.getvalue()
        finally:
            sys.stderr = kept
        self.assertIn("epoch 1/1  step 17/17  loss ", shown.splitlines()[-1])
        self.assertNotIn("\r", shown)
        self.assertNotIn("\x1b", shown)

    def test_is_one_line_of_a_terminal(self):
        mine, theirs = pty.openpty()
        kept, sys.stderr = sys.stderr, os.fdopen(theirs, "w")
        try:
            calanque.train(with_values(train={"epochs": 1}), arrays())
            sys.stderr.flush()
            shown = ""
            while "\n" not in shown:  # a terminal gives what it has
                shown += os.read(mine, 10000).decode()
        finally:
            sys.stderr.close()
            sys.stderr = kept
            os.close(mine)
        self.assertIn("\r\x1b[Kepoch 1/1  step 17/17  loss ", shown)
        self.assertIn("ETA", shown)
        self.assertEqual(shown.count("\n"), 1)

    @unittest.skipUnless(importlib.util.find_spec("nbclient") and importlib.util.find_spec("ipykernel"),
                         "there is no nbclient, which runs notebooks")
    def test_is_one_output_of_a_notebooks_cell(self):
        import nbclient
        import nbformat

        cell = nbformat.v4.new_code_cell(NOTEBOOK)
        nbclient.execute(nbformat.v4.new_notebook(cells=[cell]), cwd=os.path.dirname(os.path.abspath(__file__)))
        texts = [output["data"]["text/plain"] for output in cell["outputs"] if output["output_type"] == "display_data"]
        self.assertEqual(len(texts), 1, cell["outputs"])
        self.assertIn("epoch 2/2  step 34/34", texts[0])


if __name__ == "__main__":
    unittest.main()
