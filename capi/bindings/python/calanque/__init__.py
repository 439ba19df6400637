# calanque/__init__.py -- train and run networks for astronomy from Python.
# SPDX-License-Identifier: BSD-3-Clause
"""docs/hosts/python.md is the guide.

train(), evaluate(), predict() do each in one line; Config, Source, Model, Trainer are what they are made of. Arrays are
NumPy's, [n, bands, height, width] in C order. Nothing here needs astropy, PyTorch or scikit-learn until it is given
their objects.
"""
from __future__ import annotations

import json as _json
from typing import Any as _Any

from ._dlpack import Tensor
from ._library import lib as _lib
from ._library import text_of as _text_of
from .config import Config
from .errors import (CalanqueError, CancelledError, DataError, DeviceError, DivergedError, FileError, ForkedError,
                     InvalidError, NoMemoryError, NoSpaceError, NotFoundError, UnitWarning, UnsupportedError)
from .model import Model
from .prediction import Batch, Prediction
from .runs import evaluate, last, predict, train
from .source import Field, Source, order
from .trainer import Trainer

__version__: str = _lib.clq_version().decode()

__all__ = ["Batch", "CalanqueError", "CancelledError", "Config", "DataError", "DeviceError", "DivergedError", "Field",
           "FileError", "ForkedError", "InvalidError", "Model", "NoMemoryError", "NoSpaceError", "NotFoundError",
           "Prediction", "Source", "Tensor", "Trainer", "UnitWarning", "UnsupportedError", "devices", "evaluate", "last", "log",
           "load_plugins", "log_level", "order", "plugins", "predict", "train"]


def devices() -> list[dict[str, _Any]]:
    """What can compute here: name, memory."""
    return _json.loads(_text_of(_lib.clq_devices_report))  # type: ignore[no-any-return]


def plugins() -> list[dict[str, _Any]]:
    """Every plugin that was seen, and why one was refused."""
    return _json.loads(_text_of(_lib.clq_plugins_report))  # type: ignore[no-any-return]


def load_plugins(path: str) -> None:
    """A plugin's file or a folder of them, beside the default places."""
    from ._library import encode

    _lib.clq_plugins_load(encode(path, "the path"))


def log_level(level: int) -> None:
    """0 off, 1 error, 2 warning, 3 note, 4 debug."""
    from ._library import integer

    _lib.clq_log_level(integer(level, "the level", 0, 4))


def log() -> list[str]:
    """The lines that wait in the library's log, which are then gone. Nothing is printed by itself."""
    lines = []
    while line := _text_of(_lib.clq_log_next):
        lines.append(line)
    return lines
