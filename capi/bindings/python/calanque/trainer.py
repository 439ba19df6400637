# calanque/trainer.py -- training, in turns that leave Python its interrupts.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import ctypes
import json
import numbers
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from . import _capi
from ._arrays import rows_of
from ._handle import Handle, handle_of
from ._left_out import refuse_for_run
from ._library import encode, integer, lib, text_of
from ._states import States
from .config import Config
from .errors import InvalidError
from .model import Model
from .progress import Progress
from .source import Source

TURN = 0.1  # seconds in the library before Python may raise KeyboardInterrupt


class Trainer(Handle):
    """Trainer(model, source, config) trains the model, which follows it. [one thread; stop() from any]

    folder: where checkpoints, metrics and the bundles go, as of `clq train -o`; None: nothing is written. progress:
    None shows a line where stderr is a terminal or in a notebook, True also elsewhere, every 30 s, False never.

    `for row in trainer` gives the metrics of each epoch as a dict and ends with the training; trainer.run(seconds)
    trains for about so long. Ctrl-C raises KeyboardInterrupt within a step or 0.1 s and leaves the trainer between
    two steps: it may go on, checkpoint or be closed.
    """

    _close = "clq_trainer_close"

    def __init__(self, model: Model, source: Source, config: Config, folder: str | os.PathLike[str] | None = None,
                 progress: bool | None = None) -> None:
        path = None if folder is None else encode(folder, "the run folder")
        made_of = (handle_of(model, Model, "model"), handle_of(source, Source, "source"),
                   handle_of(config, Config, "config"))
        refuse_for_run(source, config)
        self._begin(progress, lib.clq_trainer_create, *made_of, path)
        self._model: Model | None = model
        self._source: Source | None = source  # its borrowed arrays must live

    def _begin(self, progress: bool | None, call: Callable[..., int], *arguments: Any) -> None:
        super().__init__(call, *arguments)
        self._value = ctypes.c_double()  # made once: the getters are called often
        self._at_value = ctypes.byref(self._value)
        self._progress = Progress(progress)
        self._finished = False

    @classmethod
    def resume(cls, folder: str | os.PathLike[str], source: Source | None = None, epochs: int = 0,
               progress: bool | None = None) -> Trainer:
        """Goes on from the last checkpoint of a run folder, bit by bit. source: None opens the run's own; epochs: as
        many in all, 0: as it had."""
        trainer = cls.__new__(cls)
        handle = 0 if source is None else handle_of(source, Source, "source")
        path = encode(folder, "the run folder")
        trainer._begin(progress, lib.clq_trainer_resume_to, path, handle, integer(epochs, "epochs"))
        trainer._model, trainer._source = None, source
        return trainer

    @property
    def model(self) -> Model:
        if self._model is None:
            self._model = Model(lib.clq_trainer_model, self._handle)
        return self._model

    def run(self, seconds: float | None = None) -> bool:
        """Trains for about so many seconds, None: to the end. True: the training is finished or was stopped."""
        if seconds is not None and not (isinstance(seconds, numbers.Real) and seconds >= 0):
            raise InvalidError(f"seconds must be a number from 0 on, got {seconds}")
        left, handle = float("inf") if seconds is None else float(seconds), self.handle
        end = time.monotonic() + left  # a turn takes a whole step, however long
        try:
            while not self._finished and left > 0:
                self._finished = lib.clq_trainer_run(handle, min(TURN, left)) == _capi.CLQ_END
                self._progress.show(self, self._finished)
                left = end - time.monotonic()
        except BaseException:
            self._progress.done()  # what is said of it begins on a line of its own
            raise
        if self._finished:
            self._progress.done()
        return self._finished

    def steps(self, n: int) -> bool:
        """n optimizer steps; True: finished."""
        self._finished = lib.clq_trainer_steps(self._handle, integer(n, "n")) == _capi.CLQ_END
        return self._finished

    def metrics(self) -> dict[str, Any] | None:
        """The next epoch's row that was not read yet, or None."""
        text = text_of(lib.clq_trainer_metrics, self._handle)
        return json.loads(text) if text else None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while True:
            row = self.metrics()
            if row is not None:
                yield row
            elif self._finished:
                return
            else:
                self.run(TURN)

    def batch(self, source: Source, rows: Any) -> bool:
        """One step on these samples of a source with the model's columns, train.batch at most; True: finished."""
        numbers, lent = rows_of(rows), handle_of(source, Source, "source")
        status = lib.clq_trainer_batch(self._handle, lent, numbers.ctypes.data, numbers.size)
        self._finished = status == _capi.CLQ_END
        return self._finished

    def gradients(self, source: Source, rows: Any) -> None:
        """The gradients of these samples' loss, to be read and changed in `gradient`; needs train.split_step."""
        numbers, lent = rows_of(rows), handle_of(source, Source, "source")
        lib.clq_trainer_gradients(self._handle, lent, numbers.ctypes.data, numbers.size)

    @property
    def gradient(self) -> States:
        """Of each parameter by its name, between gradients() and apply()."""
        return States(self, self.model._known_states, lib.clq_gradient_get, lib.clq_gradient_set)

    def apply(self) -> bool:
        """The optimizer's step with `gradient`; True: finished."""
        self._finished = lib.clq_trainer_apply(self._handle) == _capi.CLQ_END
        return self._finished

    @property
    def states(self) -> States:
        """The model's states, which may be set between two steps."""
        return States(self, self.model._known_states, _get_of(self.model), lib.clq_trainer_set)

    def checkpoint(self, path: str | os.PathLike[str] | None = None) -> None:
        """None: into the run folder."""
        lib.clq_trainer_checkpoint(self._handle, None if path is None else encode(path, "the checkpoint's path"))

    def stop(self) -> None:
        """The run that goes on finishes its step, keeps a checkpoint and returns. [any thread]"""
        lib.clq_trainer_stop(self._handle)

    def get(self, key: str) -> float:
        """A number of the training by its name, as of the properties below."""
        lib.clq_trainer_get(self._handle, encode(key, "a key"), self._at_value)
        return self._value.value

    def _count(self, key: bytes) -> int:
        lib.clq_trainer_get(self._handle, key, self._at_value)
        return int(self._value.value)

    def _number(self, key: bytes) -> float:
        lib.clq_trainer_get(self._handle, key, self._at_value)
        return self._value.value

    @property
    def epoch(self) -> int:
        """Epochs that are done."""
        return self._count(b"epoch")

    @property
    def epochs(self) -> int:
        return self._count(b"epochs")

    @property
    def step(self) -> int:
        """Optimizer steps that are done."""
        return self._count(b"step")

    @property
    def steps_in_all(self) -> int:
        return self._count(b"steps")

    @property
    def loss(self) -> float:
        """The last one looked at, every train.log_every steps and at the end of an epoch; 0 before the first."""
        return self._number(b"loss")

    @property
    def learning_rate(self) -> float:
        return self._number(b"learning_rate")

    @property
    def samples_per_second(self) -> float:
        return self._number(b"samples_per_second")

    @property
    def eta(self) -> float:
        """Seconds that are left, by the speed so far; NaN or negative where it is not known yet."""
        return self._number(b"eta")

    def __repr__(self) -> str:
        return f"Trainer(epoch {self.epoch} of {self.epochs})" if self._is_open else "Trainer(closed)"


def _get_of(model: Model) -> Any:
    handle = model.handle
    return lambda _, *arguments: lib.clq_model_get(handle, *arguments)
