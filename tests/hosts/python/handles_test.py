# tests/hosts/python/handles_test.py -- objects of the library that are closed, pickled or copied.
# SPDX-License-Identifier: BSD-3-Clause
import copy
import os
import pickle
import signal
import threading
import unittest
from unittest import mock

import calanque
from calanque._library import lib
from common import RUN, Case, arrays, trained


def call(name, *arguments):
    return lambda value: getattr(value, name)(*arguments)


ASKED = {
    "Config": [call("dump"), call("__getitem__", "task"), call("__setitem__", "task", "regression")],
    "Source": [len, call("describe"), call("read", "a"), call("read", "a", []), call("locate", 0), lambda s: s.fields],
    "Model": [call("describe"), call("predict", {"a": [1], "b": [1]}), lambda m: m.id, lambda m: m.columns,
              lambda m: m.states["dense1.bias"], lambda m: m.output_shape, lambda m: calanque.evaluate(m, arrays())],
    "Batch": [call("describe"), call("status"), call("predict"), call("__getitem__", "prediction")],
    "Trainer": [call("run"), call("steps", 1), call("metrics"), lambda t: t.step, lambda t: t.states["dense1.bias"]],
}


class Closed(Case):
    def objects(self):
        model, data = trained(train={"epochs": 1})
        source, config = calanque.Source.from_arrays(data), calanque.Config(RUN)
        trainer = calanque.Trainer(calanque.Model.create(config, source), source, config, progress=False)
        trainer.run()
        batch = calanque.Batch(model, 3)
        batch["a"], batch["b"] = data["a"][:3], data["b"][:3]
        batch.predict()
        return [batch, trainer, model, source, config]

    def test_objects_say_so_at_every_call(self):
        for value in self.objects():
            kind = type(value).__name__
            for ask in ASKED[kind]:
                ask(value)  # which may keep what it was told
            value.close()
            value.close()
            for ask in ASKED[kind]:
                self.refuses(calanque.InvalidError, f"the {kind} is closed", ask, value)
            self.refuses(ValueError, f"the {kind} is closed", lambda: value.handle)

    def test_objects_are_said_to_be_so_where_they_are_arguments(self):
        batch, trainer, model, source, config = self.objects()
        source.close()
        self.assertEqual(repr(source), "Source(closed)")
        self.refuses(ValueError, "the Source is closed", calanque.Model.create, config, source)
        self.refuses(ValueError, "the Source is closed", trainer.batch, source, [0])
        config.close()
        self.refuses(ValueError, "the Config is closed", calanque.Source.from_config, config)
        model.close()
        self.refuses(ValueError, "the Model is closed", calanque.Batch, model, 3)
        self.refuses(ValueError, "the Model is closed", batch.predict)


def interrupted(name):
    """The function, which Ctrl-C is pressed in: Python raises it when the function has done its work."""
    function = getattr(lib, name)

    def call(*arguments):
        function(*arguments)
        raise KeyboardInterrupt

    return mock.patch.object(lib, name, call)


def interrupt_of(call, *arguments):
    """The KeyboardInterrupt of a call, which keeps all that the call had."""
    try:
        call(*arguments)
    except KeyboardInterrupt as error:
        return error


class Interrupted(Case):
    def test_trainers_leave_their_run_folder(self):
        config, source = calanque.Config(RUN), calanque.Source.from_arrays(arrays())
        model, folder = calanque.Model.create(config, source), self.folder / "run"
        with interrupted("clq_trainer_create"):
            kept = interrupt_of(calanque.Trainer, model, source, config, folder)
        with calanque.Trainer(model, source, config, folder, progress=False) as trainer:
            trainer.steps(2)
            trainer.checkpoint()
        with interrupted("clq_trainer_resume_to"):
            again = interrupt_of(calanque.Trainer.resume, folder, source)
        calanque.Trainer.resume(folder, source).close()
        self.assertEqual([type(kept), type(again)], [KeyboardInterrupt] * 2)

    def test_trainers_leave_it_wherever_the_interrupt_comes(self):
        run = {**RUN, "transform": [{"use": "standardise", "fields": ["a", "b"]}]}
        config, source = calanque.Config(run), calanque.Source.from_arrays(arrays(300000))
        model = calanque.Model.create(config, source)

        def train():
            threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGINT)).start()  # statistics of 300000 rows take longer
            with calanque.Trainer(model, source, config, self.folder / "run", progress=False) as trainer:
                trainer.run()

        kept = interrupt_of(train)
        self.assertIsInstance(kept, KeyboardInterrupt)
        calanque.Trainer(model, source, config, self.folder / "run", progress=False).close()

    def test_handles_are_closed(self):
        config, data = calanque.Config(RUN), arrays()
        source, model = calanque.Source.from_arrays(data), trained(train={"epochs": 1})[0]
        for name, close, call in (("clq_config_parse", "clq_config_close", lambda: calanque.Config(RUN)),
                                  ("clq_source_create", "clq_source_close", lambda: calanque.Source.from_arrays(data)),
                                  ("clq_model_create", "clq_model_close", lambda: calanque.Model.create(config, source)),
                                  ("clq_batch_create", "clq_batch_close", lambda: calanque.Batch(model, 3)),
                                  ("clq_source_scan", "clq_result_close", lambda: source.scan()),
                                  ("clq_evaluate", "clq_result_close", lambda: calanque.evaluate(model, source))):
            with self.subTest(name), interrupted(name), mock.patch.object(lib, close) as closed:
                self.assertRaises(KeyboardInterrupt, call)
                closed.assert_called_once()


class Copies(Case):
    def test_of_what_lives_here_alone_are_refused_with_what_to_do(self):
        model, data = trained(train={"epochs": 1})
        answer = model.predict({"a": data["a"], "b": data["b"]})
        for copies in (pickle.dumps, copy.copy, copy.deepcopy):
            self.refuses(TypeError, "a Source cannot be pickled or copied: make it anew", copies,
                         calanque.Source.from_arrays(data))
            self.refuses(TypeError, "a Batch cannot be pickled or copied: keep the arrays that batch[name] gives", copies,
                         calanque.Batch(model, 3))
            self.refuses(TypeError, "a Prediction cannot be pickled or copied: keep its arrays, values and status", copies,
                         answer)


if __name__ == "__main__":
    unittest.main()
