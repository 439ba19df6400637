# tests/hosts/guest/tour.py -- the tour of tour.c by the package calanque.
# SPDX-License-Identifier: BSD-3-Clause
"""tour.py LOOKS_LIBRARY"""
import ctypes
import sys

import numpy as np

look = ctypes.CDLL(sys.argv[1]).looks_look
ROWS = 64
RUN = {"task": "regression", "data": {"scalars": ["x"], "target": "y"}, "split": {"valid": 0.25},
       "model": {"layer": [{"use": "dense", "units": 8, "activation": "tanh"}, {"use": "dense"}]},
       "compute": {"threads": 2}, "train": {"epochs": 2, "batch": 16}}
i = np.arange(ROWS)
x = (np.stack([i * 37 % 101 - 50, i * 53 % 89 - 44], axis=1) / 64).astype("f4")
y = x[:, 0] - 2.0 * x[:, 1]
if look(0) != 0:
    sys.exit("tour: no look can be written")
import calanque  # noqa: E402


def refused(call, *arguments, **options):
    try:
        call(*arguments, **options)
    except calanque.CalanqueError:
        return
    raise AssertionError(f"{call} was taken")


class Turn:
    """What stays open until the next."""

    def __init__(self):
        self.configuration()
        self.samples()
        self.training()
        self.prediction()
        calanque.log()

    def configuration(self):
        self.config = calanque.Config(RUN)
        self.config["train.seed"] = 3
        self.config["train.epochs"], self.config.dump(with_origin=True)
        refused(self.config.__setitem__, "train.epoch", 3)
        refused(calanque.Config.load, "nowhere.toml")

    def samples(self):
        self.source = calanque.Source.from_arrays({"x": x, "y": y}, borrow=True)
        len(self.source), self.source.describe()
        self.source.read("y", [5, 7])
        refused(self.source.read, "z", [5, 7])
        self.source.write("table.csv", fields=["y"])
        with calanque.Source.open("table.csv") as table:
            table.scan()
        refused(calanque.Source.open, "nowhere.fits")

    def training(self):
        self.model = calanque.Model.create(self.config, self.source)
        self.trainer = calanque.Trainer(self.model, self.source, self.config)
        while not self.trainer.run(0.05):
            self.trainer.epoch
        self.trainer.loss
        refused(self.trainer.get, "lost")
        while self.trainer.metrics():
            pass

    def prediction(self):
        self.model.save("model.safetensors")
        with calanque.Model.load("model.safetensors", threads=2) as again:
            again.describe(), again.id
            again.predict(x).status
            refused(again.predict, np.zeros((ROWS, 3), "f4"))
        refused(calanque.Model.load, "nowhere.safetensors")

    def close(self):
        for one in (self.trainer, self.model, self.source, self.config):
            one.close()


turn = Turn()
turn.close()
look(1)
for i in range(3):
    if i > 0:
        turn.close()
    turn = Turn()
look(2)
turn.close()
sys.exit(look(3) != 0)
