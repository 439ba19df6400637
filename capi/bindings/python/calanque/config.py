# calanque/config.py -- the run file.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping
from typing import Any

from ._handle import Handle
from ._library import encode, lib, mapping_of, shown, text_of
from .errors import InvalidError


def toml(value: Any, key: str) -> str:
    """A value as TOML on one line: texts, numbers, lists, mappings; of NumPy numbers and arrays. key: what errors name."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{toml(str(k), key)} = {toml(v, f'{key}.{k}')}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(item, f"{key}[{i}]") for i, item in enumerate(value)) + "]"
    if hasattr(value, "tolist"):  # NumPy's
        return toml(value.tolist(), key)
    if isinstance(value, (bool, int)):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else "nan" if math.isnan(value) else f"{value:+}"
    if isinstance(value, os.PathLike):
        return toml(os.fspath(value), key)
    raise InvalidError(f"{key}: a run file has no place for {shown(value)}")


class Config(Handle):
    """The run file (docs/run-file.md): Config.load(path), Config.parse(text) or Config(mapping). [any thread]

    Keys are dotted: config["train.epochs"] = 40. Values are Python's: texts, numbers, booleans, lists, mappings.
    """

    _close = "clq_config_close"

    def __init__(self, tables: Mapping[str, Any]) -> None:
        given = mapping_of(tables, "the run file").items()
        text = "\n".join(f"{toml(str(key), 'a key')} = {toml(value, str(key))}" for key, value in given)
        super().__init__(lib.clq_config_parse, encode(text, "the run file"))

    @classmethod
    def _of(cls, call: Callable[..., int], text: bytes) -> Config:
        config = cls.__new__(cls)
        Handle.__init__(config, call, text)
        return config

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Config:
        return cls._of(lib.clq_config_load, encode(path, "the run file's path"))

    @classmethod
    def parse(cls, text: str) -> Config:
        return cls._of(lib.clq_config_parse, encode(text, "the run file"))

    def __setitem__(self, key: str, value: Any) -> None:
        plain = value if isinstance(value, str) else toml(value, key)
        lib.clq_config_set(self._handle, encode(key, "a key"), encode(plain, key))

    def __getitem__(self, key: str) -> Any:
        """The value that counts; NotFoundError where there is none, as of every key that no run file has."""
        text = text_of(lib.clq_config_get, self._handle, encode(key, "a key"))
        try:
            return json.loads(text)
        except ValueError:
            return text

    def dump(self, with_origin: bool = False) -> str:
        """All values as TOML; with_origin: each with where it comes from."""
        return text_of(lib.clq_config_dump, self._handle, int(with_origin))

    def __repr__(self) -> str:
        return f"Config.parse({self.dump()!r})" if self._is_open else "Config(closed)"
