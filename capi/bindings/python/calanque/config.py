# calanque/config.py -- the run file.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from typing import Any

from ._handle import Handle, new
from ._library import encode, lib, text_of
from .errors import InvalidError


def toml(value: Any) -> str:
    """A value as TOML on one line: texts, numbers, lists, mappings."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{toml(str(k))} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if hasattr(value, "item"):  # a number of NumPy
        return toml(value.item())
    if isinstance(value, (bool, int)):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else "nan" if math.isnan(value) else f"{value:+}"
    if isinstance(value, os.PathLike):
        return toml(os.fspath(value))
    raise InvalidError(f"a run file has no place for {type(value).__name__}: {value!r}")


class Config(Handle):
    """The run file (docs/run-file.md): Config.load(path), Config.parse(text) or Config(mapping). [any thread]

    Keys are dotted: config["train.epochs"] = 40. Values are Python's: texts, numbers, booleans, lists, mappings.
    """

    _close = "clq_config_close"

    def __init__(self, tables: Mapping[str, Any]) -> None:
        text = "\n".join(f"{toml(str(key))} = {toml(value)}" for key, value in tables.items())
        super().__init__(new(lib.clq_config_parse, encode(text, "the run file")))

    @classmethod
    def _of(cls, handle: int) -> Config:
        config = cls.__new__(cls)
        Handle.__init__(config, handle)
        return config

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Config:
        return cls._of(new(lib.clq_config_load, encode(path, "the run file's path")))

    @classmethod
    def parse(cls, text: str) -> Config:
        return cls._of(new(lib.clq_config_parse, encode(text, "the run file")))

    def __setitem__(self, key: str, value: Any) -> None:
        plain = value if isinstance(value, str) else toml(value)
        lib.clq_config_set(self._handle, encode(key, "a key"), encode(plain, key))

    def __getitem__(self, key: str) -> Any:
        """The value that counts; NotFoundError where there is none, InvalidError where no such key is known."""
        text = text_of(lib.clq_config_get, self._handle, encode(key, "a key"))
        try:
            return json.loads(text)
        except ValueError:
            return text

    def dump(self, with_origin: bool = False) -> str:
        """All values as TOML; with_origin: each with where it comes from."""
        return text_of(lib.clq_config_dump, self._handle, int(with_origin))

    def __repr__(self) -> str:
        return f"Config.parse({self.dump()!r})" if self._finalizer.alive else "Config(closed)"
