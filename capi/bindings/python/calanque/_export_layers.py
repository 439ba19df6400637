# calanque/_export_layers.py -- one layer of a bundle as lines of PyTorch.
# SPDX-License-Identifier: BSD-3-Clause
"""write(layer) fills in its modules, lines and states, or raises UnsupportedError with the layer's name."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ._export_sequences import attention, positional_encoding
from .errors import UnsupportedError

Shape = tuple[int, ...]
PLAIN = {"relu": "F.relu({})", "gelu": "F.gelu({})", "silu": "F.silu({})", "sigmoid": "torch.sigmoid({})",
         "tanh": "torch.tanh({})", "softplus": "F.softplus({})", "leaky_relu": "F.leaky_relu({}, 0.01)",
         "elu": "F.elu({})"}


@dataclass
class Layer:
    """name: in the bundle; ident: in Python; sources and shapes (of a sample) of what it reads, and its own shape."""

    name: str
    ident: str
    use: str
    options: dict[str, Any]
    sources: list[str]
    shapes: list[Shape]
    shape: Shape
    modules: list[str] = field(default_factory=list)  # "dense1 = nn.Linear(13, 128)", set on self
    lines: list[str] = field(default_factory=list)  # of forward
    states: dict[str, str] = field(default_factory=dict)  # PyTorch's name -> the bundle's
    helpers: set[str] = field(default_factory=set)
    owner: str = ""  # the layer whose weights this one shares

    @property
    def module(self) -> str:
        return f"self.{self.owner or self.ident}"

    @property
    def source(self) -> str:
        return self.sources[0]

    def refuse(self, words: str) -> UnsupportedError:
        return UnsupportedError(f"{self.name}: {words} is not written as PyTorch yet")

    def option(self, key: str, default: Any) -> Any:
        return self.options.get(key, default)

    def finish(self, expression: str) -> None:
        """The line of forward, with the layer's activation around it."""
        name = self.option("activation", "")
        if name == "prelu":
            if len(self.shape) == 2 and self.use == "dense":
                raise self.refuse("prelu over [T, features]")
            channels = self.shape[0]
            self.modules.append(f"{self.ident}_prelu = nn.PReLU({channels})")
            self.states[f"{self.ident}_prelu.weight"] = f"{self.name}.slope"
            expression = f"{self.module}_prelu({expression})"
        elif name not in ("", "none"):
            if name not in PLAIN:
                raise self.refuse(f"activation {name}")
            expression = PLAIN[name].format(expression)
        self.lines.append(f"{self.ident} = {expression}")

    def keep(self, **states: str) -> None:
        for theirs, ours in states.items():
            self.states[f"{self.ident}.{theirs}"] = f"{self.name}.{ours}"


@dataclass
class Window:
    """Kernel, strides, dilations and padding of each axis, as the library counts them."""

    kernel: list[int]
    stride: list[int]
    dilation: list[int]
    begin: list[int]
    end: list[int]

    @property
    def even(self) -> bool:
        return self.begin == self.end

    def padded(self, x: str, value: str = "") -> str:
        pads = [pad for axis in range(len(self.begin) - 1, -1, -1) for pad in (self.begin[axis], self.end[axis])]
        return f"F.pad({x}, {pads}{value})" if any(pads) else x


def per_axis(value: Any, n: int) -> list[int]:
    several = list(value) if isinstance(value, list) else [value]
    return several * n if len(several) == 1 else several


def window_of(layer: Layer, padding: str, stride: Any = 1) -> Window:
    sizes = layer.shapes[0][1:]
    n = len(sizes)
    kernel = per_axis(layer.options["kernel"], n)
    strides, dilation = per_axis(layer.option("stride", stride), n), per_axis(layer.option("dilation", 1), n)
    padding = layer.option("padding", padding)
    begin = end = [0] * n if isinstance(padding, str) else per_axis(padding, n)
    if padding == "same":
        wide = [max(0, (-(-size // s) - 1) * s + d * (k - 1) + 1 - size)
                for size, k, s, d in zip(sizes, kernel, strides, dilation)]
        begin, end = [total // 2 for total in wide], [total - total // 2 for total in wide]
    return Window(kernel, strides, dilation, begin, end)


def brief(numbers: list[int]) -> str:
    return str(numbers[0]) if len(set(numbers)) == 1 else str(tuple(numbers))


def dense(layer: Layer) -> None:
    bias = layer.option("bias", True)
    rest = "" if bias else ", bias=False"
    layer.modules.append(f"{layer.ident} = nn.Linear({layer.shapes[0][-1]}, {layer.options['units']}{rest})")
    layer.keep(weight="weights", **({"bias": "bias"} if bias else {}))
    layer.finish(f"{layer.module}({layer.source})")


def conv(layer: Layer) -> None:
    window, bias, source = window_of(layer, "same"), layer.option("bias", True), layer.source
    rest = [f"{key}={brief(value)}" for key, value in (("stride", window.stride), ("dilation", window.dilation))
            if set(value) != {1}]
    if window.even and any(window.begin):
        rest.append(f"padding={brief(window.begin)}")
    elif not window.even:
        source = window.padded(source)
    rest += [f"groups={layer.options['groups']}"] if layer.option("groups", 1) != 1 else []
    rest += [] if bias else ["bias=False"]
    arguments = ", ".join([str(layer.shapes[0][0]), str(layer.options["channels"]), brief(window.kernel), *rest])
    layer.modules.append(f"{layer.ident} = nn.Conv{len(window.kernel)}d({arguments})")
    layer.keep(weight="weights", **({"bias": "bias"} if bias else {}))
    layer.finish(f"{layer.module}({source})")


def max_pool(layer: Layer) -> None:
    window = window_of(layer, "valid", layer.options["kernel"])
    n, source, rest = len(window.kernel), layer.source, ""
    if window.even and any(window.begin) and all(2 * b <= k for b, k in zip(window.begin, window.kernel)):
        rest = f", padding={brief(window.begin)}"
    else:
        source = window.padded(source, ", value=-torch.inf")
    layer.finish(f"F.max_pool{n}d({source}, {brief(window.kernel)}, {brief(window.stride)}{rest})")


def avg_pool(layer: Layer) -> None:
    window = window_of(layer, "valid", layer.options["kernel"])
    n, numbers = len(window.kernel), f"{brief(window.kernel)}, {brief(window.stride)}"
    if layer.option("count_padding", False) or not any(window.begin + window.end):
        layer.finish(f"F.avg_pool{n}d({window.padded(layer.source)}, {numbers})")
        return
    layer.helpers.add(f"mean_pool{n}d")
    pads = window.padded("x").removeprefix("F.pad(x, ").removesuffix(")")
    layer.finish(f"mean_pool{n}d({layer.source}, {numbers}, {pads})")


def over_places(reduce: str) -> Callable[[Layer], None]:
    def write_it(layer: Layer) -> None:
        axes = tuple(range(2, len(layer.shapes[0]) + 1))
        layer.finish(f"{layer.source}.{reduce}(dim={axes})")
    return write_it


def batch_norm(layer: Layer) -> None:
    rank = len(layer.shapes[0])
    kind = "BatchNorm2d" if rank == 3 else "BatchNorm1d"
    rest = f"eps={layer.option('eps', 1e-5)}, momentum={layer.option('momentum', 0.1)}"
    layer.modules.append(f"{layer.ident} = nn.{kind}({layer.shapes[0][0]}, {rest})")
    layer.keep(weight="gamma", bias="beta", running_mean="running_mean", running_var="running_variance")
    layer.finish(f"{layer.module}({layer.source})")


def layer_norm(layer: Layer) -> None:
    axis, rank = layer.option("axis", -1), len(layer.shapes[0])
    last = axis in (-1, rank)
    size = layer.shapes[0][-1 if last else axis - 1]
    layer.modules.append(f"{layer.ident} = nn.LayerNorm({size}, eps={layer.option('eps', 1e-5)})")
    layer.keep(weight="gamma", bias="beta")
    turned = layer.source if last else f"{layer.source}.transpose({axis}, -1)"
    layer.finish(f"{layer.module}({turned})" + ("" if last else f".transpose({axis}, -1)"))


def conv_transpose(layer: Layer) -> None:
    window, bias = window_of(layer, "valid"), layer.option("bias", True)
    more = per_axis(layer.option("output_padding", 0), len(window.kernel))
    if layer.option("padding", "same") == "same":
        wide = [d * (k - 1) + 1 - s for k, s, d in zip(window.kernel, window.stride, window.dilation)]
        window.begin = [max(0, total) // 2 for total in wide]
        window.end = [max(0, total) - max(0, total) // 2 for total in wide]
        more = [max(0, -total) for total in wide]
    rest = [f"stride={brief(window.stride)}"]
    rest += [f"padding={brief(window.begin)}"] if window.even and any(window.begin) else []
    rest += [f"output_padding={brief(more)}"] if any(more) else []
    rest += [f"groups={layer.options['groups']}"] if layer.option("groups", 1) != 1 else []
    rest += [] if bias else ["bias=False"]
    rest += [f"dilation={brief(window.dilation)}"] if set(window.dilation) != {1} else []
    arguments = ", ".join([str(layer.shapes[0][0]), str(layer.options["channels"]), brief(window.kernel), *rest])
    layer.modules.append(f"{layer.ident} = nn.ConvTranspose{len(window.kernel)}d({arguments})")
    layer.keep(weight="weights", **({"bias": "bias"} if bias else {}))
    cut = "".join(f", {b}:{f'-{e}' if e else ''}" for b, e in zip(window.begin, window.end))
    layer.finish(f"{layer.module}({layer.source})" + ("" if window.even else f"[:, :{cut}]"))


def upsample(layer: Layer) -> None:
    scale = per_axis(layer.option("scale", 2), len(layer.shapes[0]) - 1)
    mode = layer.option("mode", "nearest")
    if mode == "bilinear":
        mode = "linear" if len(scale) == 1 else "bilinear"
        rest = ", align_corners=False"
    else:
        rest = ""
    layer.finish(f'F.interpolate({layer.source}, scale_factor={brief(scale)}, mode="{mode}"{rest})')


def joined(symbol: str, mean: bool = False) -> Callable[[Layer], None]:
    def write_it(layer: Layer) -> None:
        rank = len(layer.shape)
        spread = [s + "[:, :" + ", None" * (rank - len(shape)) + "]" if len(shape) < rank else s
                  for s, shape in zip(layer.sources, layer.shapes)]
        total = f" {symbol} ".join(spread)
        layer.finish(f"({total}) / {len(spread)}" if mean else total)
    return write_it


def concat(layer: Layer) -> None:
    layer.finish(f"torch.cat([{', '.join(layer.sources)}], dim={layer.option('axis', 1)})")


def slice_(layer: Layer) -> None:
    begin, end = layer.option("begin", 0), layer.option("end", "")
    before = ":, " * layer.option("axis", 1)
    layer.finish(f"{layer.source}[{before}{begin or ''}:{end}]")


def inception(layer: Layer) -> None:
    five, options = layer.option("five", True), layer.options
    arguments = f"{layer.shapes[0][0]}, reduce={options['reduce']}, channels={options['channels']}, five={five}"
    layer.modules.append(f"{layer.ident} = Inception({arguments})")
    layer.helpers |= {"Inception", "mean_pool2d"}
    branches = ["one", "three_reduce", "three", "pool_reduce"] + (["five_reduce", "five"] if five else [])
    for branch in branches:
        for theirs, ours in (("0.weight", "weights"), ("0.bias", "bias"), ("1.weight", "slope")):
            layer.states[f"{layer.ident}.{branch}.{theirs}"] = f"{layer.name}.{branch}.{ours}"
    layer.finish(f"{layer.module}({layer.source})")


def prelu(layer: Layer) -> None:
    layer.modules.append(f"{layer.ident} = nn.PReLU({layer.shapes[0][0]})")
    layer.keep(weight="slope")
    layer.finish(f"{layer.module}({layer.source})")


def plain(words: str) -> Callable[[Layer], None]:
    return lambda layer: layer.finish(words.format(layer.source, **{"alpha": layer.option("alpha", None)}))


def elu(layer: Layer) -> None:
    layer.finish(f"F.elu({layer.source}, {layer.option('alpha', 1)})")


def leaky_relu(layer: Layer) -> None:
    layer.finish(f"F.leaky_relu({layer.source}, {layer.option('alpha', 0.01)})")


def dropout(layer: Layer) -> None:
    layer.modules.append(f"{layer.ident} = nn.Dropout({layer.option('rate', 0.5)})")
    layer.finish(f"{layer.module}({layer.source})")


WRITERS: dict[str, Callable[[Layer], None]] = {
    "dense": dense, "conv": conv, "conv_transpose": conv_transpose, "max_pool": max_pool, "avg_pool": avg_pool,
    "global_max_pool": over_places("amax"), "global_avg_pool": over_places("mean"), "batch_norm": batch_norm,
    "layer_norm": layer_norm, "dropout": dropout, "upsample": upsample, "concat": concat, "slice": slice_,
    "flatten": plain("{}.flatten(1)"), "add": joined("+"), "multiply": joined("*"), "average": joined("+", mean=True),
    "reshape": lambda layer: layer.finish(f"{layer.source}.reshape({tuple([-1, *layer.shape])})"),
    "permute": lambda layer: layer.finish(f"{layer.source}.permute({tuple([0, *layer.options['axes']])})"),
    "deepdip.inception": inception, "prelu": prelu, "elu": elu, "leaky_relu": leaky_relu, "attention": attention,
    "positional_encoding": positional_encoding,
    **{name: plain(PLAIN[name]) for name in ("relu", "gelu", "silu", "sigmoid", "tanh", "softplus")},
}


def write(layer: Layer) -> None:
    writer = WRITERS.get(layer.use)
    if writer is None:
        raise layer.refuse(f"a layer '{layer.use}'")
    writer(layer)
    if layer.owner:  # the other layer's weights
        layer.modules, layer.states = [], {}
