# calanque/sklearn.py -- networks of dense layers as scikit-learn's estimators.
# SPDX-License-Identifier: BSD-3-Clause
"""CalanqueRegressor and CalanqueClassifier, for scikit-learn 1.6 and later.

They keep scikit-learn's conventions: parameters in the constructor, fit/predict/score, clone, pipelines, searches,
pickling. docs/hosts/python.md says which of its checks do not apply. Inputs and targets are standardised by the
statistics of the rows that fit gets, but for columns that are constant there; arithmetic is F32. The same random_state
and threads give the same bits.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from . import runs
from .errors import InvalidError

Array = np.ndarray[Any, Any]


class _Network(BaseEstimator):  # type: ignore[misc, unused-ignore]
    """hidden: units of the layers between; validation: the fraction of rows that chooses the best epoch, with patience
    epochs of waiting (0: never stops early); values: other keys of the run file, {"train.clip_norm": 1.0}.

    Fitted: model_ (a calanque.Model), history_ (a row of metrics an epoch), n_features_in_.
    """

    def __init__(self, hidden: Sequence[int] = (64, 64), activation: str = "relu", epochs: int = 100, batch: int = 32,
                 optimizer: str = "adam", learning_rate: float = 3e-3, validation: float = 0.0, patience: int = 0,
                 random_state: Any = 1, threads: int = 1, device: str = "cpu",
                 values: Mapping[str, Any] | None = None, progress: bool = False) -> None:
        self.hidden = hidden
        self.activation = activation
        self.epochs = epochs
        self.batch = batch
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.validation = validation
        self.patience = patience
        self.random_state = random_state
        self.threads = threads
        self.device = device
        self.values = values
        self.progress = progress

    def _run_file(self, task: str, outputs: int, x: Array) -> dict[str, Any]:
        if not isinstance(self.hidden, (list, tuple, np.ndarray)) or any(np.ndim(units) != 0 for units in self.hidden):
            raise InvalidError(f"hidden must be a list of units, [64] for one layer, got {self.hidden!r}")
        layers = [{"use": "dense", "units": units, "activation": self.activation} for units in self.hidden]
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        optimizer = {"name": self.optimizer, "lr": self.learning_rate}
        return {"task": task, "data": {"scalars": ["x"], "target": "y"},
                "split": {"valid": self.validation, "seed": seed},
                "transform": [{"use": "standardise", "fields": ["x"], **_scale(x, "X")}],
                "model": {"layer": [*layers, {"use": "dense", "units": outputs, "init": "glorot_uniform"}]},
                "train": {"epochs": self.epochs, "batch": self.batch, "optimizer": optimizer,
                          "patience": self.patience, "seed": seed},
                "compute": {"threads": self.threads, "devices": [self.device]}}

    def _train(self, run_file: dict[str, Any], x: Array, y: Array, sample_weight: Any) -> None:
        arrays = {"x": x, "y": y}
        if sample_weight is not None:
            arrays["weight"] = _check_sample_weight(sample_weight, x, dtype=np.float64, ensure_non_negative=True)
            run_file["data"]["weight"] = "weight"
        self.model_ = runs.train(run_file, arrays, values=self.values, progress=bool(self.progress) and None)
        self.history_ = self.model_.history

    def _answer(self, x: Any) -> Array:
        check_is_fitted(self)
        x = validate_data(self, x, reset=False)
        return self.model_.predict({"x": x}).values


class CalanqueRegressor(RegressorMixin, _Network):  # type: ignore[misc, unused-ignore]
    __doc__ = f"Numbers from columns, one or several targets, by the mean squared error.\n\n    {_Network.__doc__}"

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> CalanqueRegressor:
        X, y = validate_data(self, X, y, multi_output=True, y_numeric=True, dtype=np.float64, ensure_min_samples=2)
        y = np.asarray(y, np.float64)
        self._one_target = y.ndim == 1
        run_file = self._run_file("regression", 1 if y.ndim == 1 else y.shape[1], X)
        run_file["target_transform"] = [{"use": "standardise", **_scale(y.reshape(len(y), -1), "y")}]
        self._train(run_file, X, y, sample_weight)
        return self

    def predict(self, X: Any) -> Array:
        """[n], or [n, targets] where fit had several."""
        answer = self._answer(X).astype(np.float64)
        return answer[:, 0] if self._one_target else answer


class CalanqueClassifier(ClassifierMixin, _Network):  # type: ignore[misc, unused-ignore]
    __doc__ = f"Classes of any kind from columns, by cross-entropy.\n\n    {_Network.__doc__}"

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> CalanqueClassifier:
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_min_samples=2)
        check_classification_targets(y)
        self.classes_, numbers = np.unique(y, return_inverse=True)
        if self.classes_.size < 2:
            raise InvalidError(f"a classifier needs two classes or more, y holds one class: {self.classes_[0]!r}")
        self._train(self._run_file("classification", self.classes_.size, X), X, numbers.astype(np.int64), sample_weight)
        return self

    def predict_proba(self, X: Any) -> Array:
        """[n, classes], in the order of classes_."""
        return self._answer(X)

    def predict(self, X: Any) -> Array:
        """[n], of the kind that fit was given."""
        check_is_fitted(self)
        shares = self.predict_proba(X)
        without = np.flatnonzero(np.isnan(shares).any(axis=1))
        if without.size:
            raise InvalidError(f"{without.size} samples have no answer, the first is sample {without[0]} of X: its numbers are "
                               "beyond float32 once they are standardised")
        return np.asarray(self.classes_[np.argmax(shares, axis=1)])


def _scale(columns: Array, what: str) -> dict[str, list[float]]:
    """Mean and standard deviation a column; a constant one is left as wide as it is. Refuses what F32 cannot tell apart."""
    deviation = columns.std(axis=0)  # of equal numbers rounding may leave a trace
    varies = (columns.max(axis=0) > columns.min(axis=0)) & (deviation > 0)
    with np.errstate(over="ignore", invalid="ignore"):  # F32's steps are over a tenth of the deviation
        coarse = varies & (np.spacing(np.abs(columns).max(axis=0).astype(np.float32)) > 0.1 * deviation)
    for k in np.flatnonzero(coarse):
        raise InvalidError(f"{what}: column {k} goes from {columns[:, k].min()} to {columns[:, k].max()}, too little of "
                           "itself for float32, in which networks compute: subtract a constant first")
    return {"mean": columns.mean(axis=0).tolist(), "std": np.where(varies, deviation, 1.0).tolist()}
