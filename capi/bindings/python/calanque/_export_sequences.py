# calanque/_export_sequences.py -- layers over [N, T, C] as lines of PyTorch.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._export_layers import Layer


def attention(layer: Layer) -> None:
    places, channels = layer.shapes[0]
    bias, dropout = layer.option("bias", True), layer.option("dropout", 0.0)
    rest = "".join([f", dropout={dropout}" if dropout else "", "" if bias else ", bias=False", ", batch_first=True"])
    layer.modules.append(f"{layer.ident} = nn.MultiheadAttention({channels}, {layer.options['heads']}{rest})")
    layer.keep(in_proj_weight="in_weights", **({"in_proj_bias": "in_bias"} if bias else {}))
    layer.states[f"{layer.ident}.out_proj.weight"] = f"{layer.name}.out_weights"
    if bias:
        layer.states[f"{layer.ident}.out_proj.bias"] = f"{layer.name}.out_bias"
    masked = ""
    if layer.option("causal", False):
        layer.lines.append(f"later = torch.ones({places}, {places}, dtype=torch.bool).triu(1)")
        masked = ", attn_mask=later"
    elif not bias:  # without a bias and a mask PyTorch 1.13 takes a way on which it wants a bias
        masked = f", attn_mask=torch.zeros({places}, {places})"
    x = layer.source
    layer.finish(f"{layer.module}({x}, {x}, {x}, need_weights=False{masked})[0]")


def positional_encoding(layer: Layer) -> None:
    places, channels = layer.shapes[0]
    if layer.option("kind", "sinusoidal") == "learned":
        layer.modules.append(f"{layer.ident} = nn.Parameter(torch.zeros({places}, {channels}))")
        layer.states[layer.ident] = f"{layer.name}.places"
        layer.finish(f"{layer.source} + {layer.module}")
    else:
        layer.helpers.add("waves")
        layer.finish(f"{layer.source} + waves({places}, {channels})")
