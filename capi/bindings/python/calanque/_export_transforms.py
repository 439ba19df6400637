# calanque/_export_transforms.py -- a bundle's transforms before the network, and what stands behind it, as PyTorch.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import ast
import textwrap
from collections.abc import Mapping
from typing import Any

from .errors import UnsupportedError

IN_TRAINING_ALONE = ("dihedral", "noise", "shift")
FUNCTIONS = {"log10": "torch.log10", "log": "torch.log", "exp": "torch.exp", "sqrt": "torch.sqrt", "abs": "torch.abs",
             "sin": "torch.sin", "cos": "torch.cos", "tan": "torch.tan", "asinh": "torch.asinh"}
ALLOWED = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub, ast.UAdd, ast.Name,
           ast.Load, ast.Constant, ast.Call)


def vector(numbers: list[Any], shape: str = "") -> str:
    plain = ", ".join(repr(number) for number in numbers)
    return f"torch.tensor([{plain}], dtype=torch.float64){shape}"


def wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, 116, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def elements_of(layout: Mapping[str, Any]) -> dict[str, int]:
    """Element -> its place in scalars: columns as the data give them, then what is derived."""
    tensors = [tensor["name"] for tensor in layout["tensors"]]
    places: dict[str, int] = {}
    for column in layout["columns"]:
        if tensors[column["tensor"]] == "scalars":
            for i in range(column["count"]):
                name = column["name"] if column["count"] == 1 else f"{column['name']}[{i}]"
                places[name] = column["offset"] + i
    for derived in layout["derived"]:
        places[derived["name"]] = len(places)
    return places


def derived_line(derived: Mapping[str, str], places: Mapping[str, int]) -> str:
    """An expression of columns, where it is plain arithmetic."""
    text = derived["expression"]
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        tree = None
    nodes = list(ast.walk(tree)) if tree is not None else []
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    for node in nodes:
        known = not isinstance(node, ast.Name) or (node.id in FUNCTIONS if id(node) in called else node.id in places)
        if not isinstance(node, ALLOWED) or not known:
            tree = None
    if tree is None:
        raise UnsupportedError(f"the derived input {derived['name']} = {text} is not written as PyTorch yet")
    for node in nodes:
        if isinstance(node, ast.Name):
            node.id = FUNCTIONS[node.id] if id(node) in called else f"x[:, {places[node.id]}]"
    return f"{ast.unparse(tree)}"


def some(at: list[int]) -> str:
    """These places of x, as a slice where they lie side by side."""
    side_by_side = at == list(range(at[0], at[0] + len(at)))
    return f"x[:, {at[0]}:{at[0] + len(at)}]" if side_by_side else f"x[:, {at}]"


def column_lines(step: Mapping[str, Any], places: Mapping[str, int]) -> list[str]:
    use = step["use"]
    x = some([places[name] for name in step["fields"]])
    if use == "standardise":
        return [f"mean = {vector(step['mean'])}", f"std = {vector(step['std'])}", f"{x} = ({x} - mean) / std"]
    if use == "asinh_mag":
        errors = some([places[name] for name in step["errors"]])
        return [f"softening = {vector(step['softening'])}", f"nanomaggies = 10 ** (0.4 * (22.5 - {x}))",
                f"{x} = torch.asinh(nanomaggies / softening)", f"{errors} = torch.log10(1.0857 / {errors})"]
    if use == "asinh":
        return [f"{x} = torch.asinh({x} / {step.get('scale', 1)})"]
    if use == "log10":
        return [f"{x} = torch.log10({x})"]
    if use == "clip":
        return [f"{x} = {x}.clamp({step.get('min')}, {step.get('max')})"]
    raise UnsupportedError(f"the transform '{use}' is not written as PyTorch yet")


def per_band(value: Any) -> str:
    return vector(value, "[:, None, None]") if isinstance(value, list) else repr(value)


def image_lines(step: Mapping[str, Any]) -> list[str]:
    use = step["use"]
    if use in IN_TRAINING_ALONE:
        return []
    if use == "sky_asinh":
        return [f"sigma = {per_band(step['sigma'])}", f"images = torch.asinh(images / (3 * sigma)) / {step['rms']!r}"]
    if use == "standardise":
        return [f"mean = {per_band(step['mean'])}", f"std = {per_band(step['std'])}", "images = (images - mean) / std"]
    if use == "asinh":
        return [f"scale = {per_band(step.get('scale', 1))}", "images = torch.asinh(images / scale)"]
    if use == "clip":
        return [f"images = images.clamp({step.get('min')}, {step.get('max')})"]
    if use == "nan_mask":
        return ["mask = torch.isfinite(images).double()", "images = torch.where(mask > 0, images, 0.0)"]
    raise UnsupportedError(f"the transform '{use}' of images is not written as PyTorch yet")


def prepare_lines(bundle: Mapping[str, Any], inputs: list[str]) -> list[str]:
    """The body of prepare(): the inputs as the data give them become those of the network."""
    transforms, layout, lines = bundle["transforms"], bundle["layout"], []
    if "scalars" in inputs:
        places = elements_of(layout)
        lines.append("x = scalars.double()" if layout["derived"] else "x = scalars.double().clone()")
        for derived in layout["derived"]:
            lines.append(f"x = torch.column_stack([x, {derived_line(derived, places)}])")
        for step in transforms["chain"]:
            lines += [part for line in column_lines(step, places) for part in wrapped(line)]
        lines.append("scalars = x.float()")
    if "images" in inputs:
        lines.append("images = images.double()")
        for step in transforms.get("images", []):
            lines += [part for line in image_lines(step) for part in wrapped(line)]
        lines.append("images = images.float()")
    if "mask" in inputs and not any(line.startswith("mask = ") for line in lines):
        lines.append("mask = torch.ones_like(images)")
    lines.append(f"return {', '.join(name if name != 'mask' else 'mask.float()' for name in inputs)}")
    return lines


def target_lines(step: Mapping[str, Any]) -> list[str]:
    """The inverse of what was done to the target, of a step that has all targets."""
    use = step["use"]
    if use == "standardise":
        return [f"mean = {vector(step['mean'])}", f"std = {vector(step['std'])}", "y = y * std + mean"]
    if use == "log10":
        return ["y = 10 ** y"]
    if use == "asinh":
        return [f"y = torch.sinh(y) * {step.get('scale', 1)}"]
    if use == "logit":
        low, high = step.get("min", 0), step.get("max", 1)
        return [f"y = {low} + ({high} - {low}) * torch.sigmoid(y)"]
    raise UnsupportedError(f"the target transform '{use}' is not written as PyTorch yet")


def finish_lines(spec: Mapping[str, Any]) -> list[str]:
    """The body of finish(): the network's output becomes the prediction."""
    loss, steps = spec["loss"].get("use", ""), spec.get("target_transforms", [])
    if loss in ("softmax_cross_entropy", "crps"):
        return ["return torch.softmax(y, dim=1)"]
    if loss in ("bce", "dice"):
        return ["return torch.sigmoid(y)"]
    if loss in ("mse", "mae", "huber", "nt_xent", "expression"):
        undone = [part for step in reversed(steps) for line in target_lines(step) for part in wrapped(line)]
        return ["y = y.double()", *undone, "return y.float()"] if steps else ["return y"]
    if loss in ("gaussian_nll", "gaussian_crps") and not steps:
        return ["mean, log_variance = y.chunk(2, dim=1)",
                "return torch.cat([mean, torch.exp(log_variance / 2)], dim=1)"]
    behind = " behind target transforms" if steps else ""
    raise UnsupportedError(f"the loss '{loss}'{behind} is not written as PyTorch yet")
