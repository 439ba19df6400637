# calanque/runs.py -- train, evaluate and predict, each in one line.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Union

from ._asked import source_for
from ._left_out import READ, SCORED, refuse_for_models
from ._library import encode, lib, mapping_of, options_json
from .config import Config
from .errors import InvalidError
from .model import Model, handles_of, several_of
from .source import Source, result_of, source_of
from .trainer import Trainer

Path = Union[str, "os.PathLike[str]"]
_interrupted: list[Model] = []


def train(config: Config | Path | Mapping[str, Any], source: Any = None, folder: Path | None = None, *,
          values: Mapping[str, Any] | None = None, progress: bool | None = None) -> Model:
    """Trains a network and returns it, with a row of metrics an epoch in its `history`.

    config: a Config, a run file's path or a mapping; values: {"train.epochs": 40} beside it. source: a Source, a
    Table, a DataFrame, a mapping of arrays (copied; what the run does not read need not be numbers); None opens
    data.catalog. Ctrl-C keeps a checkpoint in the folder, if there is one, and raises KeyboardInterrupt; `last()` is the
    model then.
    """
    config = config_of(config)
    for key, value in mapping_of(values or {}, "values").items():
        config[key] = value
    source = Source.from_config(config) if source is None else source_of(source)
    model = Model.create(config, source)
    with Trainer(model, source, config, folder, progress) as trainer:
        try:
            for row in trainer:
                model.history.append(row)
        except KeyboardInterrupt:
            trainer.stop()
            trainer.run()
            _interrupted[:] = [model]
            raise
    return model


def last() -> Model:
    """The model of the last training by `train` that Ctrl-C ended, as it was then; InvalidError where none was."""
    if not _interrupted:
        raise InvalidError("no training by calanque.train was interrupted")
    return _interrupted[0]


def evaluate(models: Model | Sequence[Model], source: Any, uri: Path | None = None, **options: Any) -> dict[str, Any]:
    """{"rows", "bad", "ood", "unscored", "simulated", "metrics"} of the models' mean against the source's target, whose unit
    is not known to a model.

    source: a Source, a file's name, a Table, a mapping of arrays. uri: also writes the table of predictions. options:
    part ("train", "valid", "test") or where (an expression), threads, batch ...: clq_evaluate in calanque.h.

    What the models read of a Table or a mapping is converted to their units, as of Model.predict; InvalidError where a
    Source or a file has others, or where the models' own differ.
    """
    several = several_of(models)
    handles, n = handles_of(several)
    opened = source_for(several, source)
    refuse_for_models(opened, several, options, SCORED, uri is not None)
    path = None if uri is None else encode(uri, "the uri")
    return result_of(lib.clq_evaluate, handles, n, opened.handle, path, options_json(options))


def predict(models: Model | Sequence[Model], source: Any, uri: Path, **options: Any) -> dict[str, Any]:
    """Streams the predictions of a whole source into a file, by its suffix; returns the counts of its rows.

    options: keep, id, layers, combine, threads, readers, batch, device, average: clq_predict_to in calanque.h. Units:
    as of `evaluate`; columns that are kept are in them, too.
    """
    several = several_of(models)
    handles, n = handles_of(several)
    opened = source_for(several, source)
    refuse_for_models(opened, several, options, READ, True)
    return result_of(lib.clq_predict_to, handles, n, opened.handle, encode(uri, "the uri"), options_json(options))


def config_of(config: Config | Path | Mapping[str, Any]) -> Config:
    if isinstance(config, Config):
        return config
    return Config(config) if isinstance(config, Mapping) else Config.load(config)
