# calanque/_left_out.py -- columns of a table that are no numbers for the library: left out, unless they are asked for.
# SPDX-License-Identifier: BSD-3-Clause
"""A source of a table has {column: why it is left out}. A run or a model that reads one is told that in place of "there is no
column"."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import _arrays
from .errors import InvalidError, NotFoundError

if TYPE_CHECKING:
    from .config import Config
    from .model import Model
    from .source import Source

READ = ("scalars", "images", "position")  # keys of [data] that name what a network gets
SCORED = (*READ, "target", "weight")
TRAINED = ("data.scalars", "data.images", "data.position.x", "data.position.y", "data.target", "data.weight", "data.id",
           "data.where", "output.keep")


def why_not(column: Any, name: str) -> str:
    """Why these are no numbers of the library's; "" where they are."""
    try:
        _arrays.numbers(column, name)
    except InvalidError as error:
        return str(error)
    return ""


def refuse_for_run(source: Source, config: Config) -> None:
    """Raises InvalidError where this run reads a column that the source leaves out."""
    if not source.left_out:
        return
    for key in TRAINED:
        try:
            _refuse(source, key, config[key])
        except NotFoundError:
            continue


def refuse_for_models(source: Source, models: Sequence[Model], options: Mapping[str, Any], keys: Sequence[str],
                      written: bool) -> None:
    """The same for models that are asked. options: as of clq_evaluate and clq_predict_to; written: into a table."""
    given = {name: value for name, value in options.items() if value is not None}
    for model in models if source.left_out else ():
        described = model.describe()
        data, output = described["data"], described["output"]
        asked = {f"data.{key}": data.get(key) for key in keys}
        if written:
            asked["data.id"] = given.get("id", data.get("id"))
            asked["output.keep"] = given.get("keep", output.get("keep"))
        asked["where"] = [given.get("where"), data.get("where") if "part" in given else None]
        for key, value in asked.items():
            _refuse(source, key, value)


def _refuse(source: Source, key: str, value: Any) -> None:
    for name, why in source.left_out.items():
        if _names(key, value, name):
            raise InvalidError(f"{key}: {why}")


def _names(key: str, value: Any, column: str) -> bool:
    """True where the value of a key, names, globs, expressions and lists and tables of them, names the column."""
    if isinstance(value, Mapping):  # a computed target
        return any(column in _words(text) for text in value.values())
    if isinstance(value, (list, tuple)):
        return any(_names(key, item, column) for item in value)
    if not isinstance(value, str):
        return False
    if key.endswith("where"):
        return column in _words(value)
    if key == "output.keep":
        return value == column  # a glob keeps what is there
    glob = re.escape(value).replace(r"\*", ".*").replace(r"\?", ".")
    return f"{{{column}}}" in value or re.fullmatch(glob, column) is not None


def _words(expression: str) -> set[str]:
    return {quoted or plain for quoted, plain in re.findall(r"`([^`]*)`|([A-Za-z_]\w*)\b(?!\s*\()", expression)}
