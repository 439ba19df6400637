# calanque/export.py -- a bundle as a readable PyTorch module: python -m calanque.export MODEL -o net.py.
# SPDX-License-Identifier: BSD-3-Clause
"""Writes net.py, the network with its transforms, and net.npz, its weights. net.py needs NumPy and PyTorch alone.

    from net import load, predict
    z = predict(load(), scalars=torch.tensor(columns))   # what Model.predict gives, to 1e-5

A layer, transform or loss that is not written as PyTorch is an UnsupportedError that names it, and nothing is written.
"""
from __future__ import annotations

import argparse
import json
import keyword
import os
import pathlib
import re
import struct
import sys
from typing import Any

import numpy as np

from ._export_layers import Layer, Shape, write
from ._export_text import text_of_module
from .errors import (CalanqueError, DataError, DeviceError, FileError, NoMemoryError, NotFoundError,
                     UnsupportedError)
from .model import Model

# What a module has already, or forward's own words: a layer of that name gets an underscore.
TAKEN = {"train", "eval", "forward", "float", "half", "double", "type", "to", "cpu", "cuda", "apply", "children",
         "modules", "parameters", "buffers", "training", "compile", "self", "torch", "nn", "F", "images", "scalars",
         "mask"}


# As clq's own, docs/errors.md.
EXIT_CODES: tuple[tuple[Any, int], ...] = (((DataError, FileError, NotFoundError), 3),
                                           ((DeviceError, NoMemoryError), 4))


def bundle_json(bundle: bytes) -> dict[str, Any]:
    (length,) = struct.unpack_from("<Q", bundle)
    header = json.loads(bundle[8:8 + length])
    return json.loads(header["__metadata__"]["calanque"])  # type: ignore[no-any-return]


def identifier(name: str) -> str:
    plain = re.sub(r"\W", "_", name)
    return f"{plain}_" if plain in TAKEN or keyword.iskeyword(plain) or plain[0].isdigit() else plain


class Names:
    """What `from` may say: layers above, inputs, places of them: input.scalars[2:5]."""

    def __init__(self, bundle: dict[str, Any], table: list[dict[str, Any]]) -> None:
        self.inputs = {entry["name"]: tuple(entry["dims"]) for entry in bundle["spec"]["inputs"]}
        self._shapes: dict[str, Shape] = {entry["name"]: tuple(entry["output"]) for entry in table}
        self._idents = {entry["name"]: identifier(entry["name"]) for entry in table}
        self.first = "images" if "images" in self.inputs else "scalars"

    def of(self, name: str) -> tuple[str, Shape]:
        if name == "input":
            name = f"input.{self.first}"
        if not name.startswith("input."):
            return self._idents[name], self._shapes[name]
        what = name.removeprefix("input.")
        if what in self.inputs:
            return what, self.inputs[what]
        tensor, begin, end = re.fullmatch(r"(\w+)\[(\d+)(?::(\d+))?\]", what).groups()  # type: ignore[union-attr]
        last = int(end) if end else int(begin) + 1
        return f"{tensor}[:, {begin}:{last}]", (last - int(begin),)


def layers_of(bundle: dict[str, Any], table: list[dict[str, Any]]) -> list[Layer]:
    names, layers, before = Names(bundle, table), [], "input"
    owners: dict[str, str] = {}
    for options, entry in zip(bundle["spec"]["layers"], table):
        given = options.get("from", before)
        sources = [names.of(name) for name in (given if isinstance(given, list) else [given])]
        layer = Layer(entry["name"], identifier(entry["name"]), options["use"], options, [s for s, _ in sources],
                      [shape for _, shape in sources], tuple(entry["output"]))
        layer.owner = owners.get(options.get("shares", ""), "")
        owners[layer.name] = layer.owner or layer.ident
        write(layer)
        layers.append(layer)
        before = entry["name"]
    return layers


def export(model: Model | str | os.PathLike[str], path: str | os.PathLike[str]) -> None:
    """Writes `path`, a .py file, and the weights beside it in .npz; both are written anew where they are there."""
    model = model if isinstance(model, Model) else Model.load(model)
    path = pathlib.Path(path)
    if path.suffix != ".py" or not path.stem.isidentifier():
        raise UnsupportedError(f"{path} must be named NAME.py, with a NAME that Python can import")
    bundle, described = bundle_json(model.to_bytes()), model.describe()
    if bundle["spec"].get("outputs"):
        raise UnsupportedError("a network of several outputs is not written as PyTorch yet")
    layers = layers_of(bundle, described["table"])
    text = text_of_module(bundle, layers, path.stem, model.id)
    weights = {theirs: model.states[ours] for layer in layers for theirs, ours in layer.states.items()}
    for layer in layers:
        if layer.use == "batch_norm" and not layer.owner:
            weights[f"{layer.ident}.num_batches_tracked"] = np.array(0, np.int64)
    np.savez(path.with_suffix(".npz"), **weights)  # type: ignore[arg-type, unused-ignore]
    path.write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m calanque.export", description="a bundle as a PyTorch module")
    parser.add_argument("model", help="the bundle, model.safetensors")
    parser.add_argument("-o", "--output", required=True, metavar="NAME.py", help="the module; weights go to NAME.npz")
    parser.add_argument("--called", default="calanque.export", help=argparse.SUPPRESS)  # the program that asked
    given = parser.parse_args(arguments)
    try:
        export(given.model, given.output)
    except CalanqueError as error:
        print(f"{given.called}: {error}", file=sys.stderr)
        return next((code for kinds, code in EXIT_CODES if isinstance(error, kinds)), 2)
    except OSError as error:
        print(f"{given.called}: {error.filename or given.output}: {error.strerror or error}", file=sys.stderr)
        return 6
    return 0


if __name__ == "__main__":
    sys.exit(main())
