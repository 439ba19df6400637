# tests/evidence/vocabulary/networks.py -- every shipped network against a twin in PyTorch: its size, and steps of it.
# SPDX-License-Identifier: BSD-3-Clause
"""Three steps of plain SGD from the model's own first weights: in F64 on cpu_ref, the large ones with --full alone, and
in F32 on cpu_onednn. Of millions of numbers around 0 some are rounded to the other side of a ReLU's kink in F32, which
no bound on rounding allows for: the start of the networks that this happens to is moved, biases and batch norms, until
the mean of a channel lies two of its deviations from the kink. The controls: twins with another number of outputs, and
such that differ in one layer, by a slope, a window, a padding, a constant, a number of heads; a bias in front of no
batch norm; another constant in NumPy; a model file more."""
import json
import math
import pathlib
import sys
from typing import Any, Callable, NamedTuple

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import pinned_torch  # noqa: E402

pinned_torch.go_on_in_it()

import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402

import quasarnet  # noqa: E402
import torch_images as images  # noqa: E402
import torch_maps as maps  # noqa: E402
import torch_spectra as spectra  # noqa: E402
from evidence import Check, run  # noqa: E402
from torch_twin import Twin  # noqa: E402

STEPS = 3


class Side(NamedTuple):
    device: str
    dtype: str  # "f32" or "f64"
    bound: float

    @property
    def numpy(self):
        return "<f" + str(int(self.dtype[1:]) // 8)


ROUNDED, EXACT = Side("cpu_onednn", "f32", 1e-3), Side("cpu_ref", "f64", 1e-8)


class Network(NamedTuple):
    use: str
    twin: Callable[..., nn.Module]  # of the number of outputs
    outputs: int
    inputs: dict
    loss: str  # "bins", "mse" or "bce"
    rows: int
    rate: float
    fault: Callable[[nn.Module], Any]  # what makes another network of the twin
    published: int = 0  # its parameters
    parameters: dict = {}
    still: tuple = ()  # layers with a bias in front of a batch norm, whose gradient is 0
    slow: bool = False  # in F64, which it takes with --full alone; its twin of F32 computes in F32
    moved: bool = False  # in F32, away from the kinks of its ReLUs
    certain: bool = False  # and no number may cross one: there are so many, in layers where one counts for 0.003


def leaky(module, place):
    """The function at this place of a Sequential lets a little through below 0."""
    module[place] = nn.LeakyReLU(0.01)


def set_all(twin, kind, **values):
    for module in twin.modules():
        if isinstance(module, kind):
            for name, value in values.items():
                setattr(module, name, value)


DOWN = tuple(f"down.{i}.conv" for i in (1, 2, 3, 4)) + ("dense",)
IMAGE, COLUMN = {"images": [5, 64, 64]}, {"scalars": [1]}
NETWORKS = [
    Network("mlp", lambda n: spectra.Mlp(7, n), 1, {"scalars": [7]}, "mse", 64, 3e-3, lambda t: leaky(t, 3)),
    Network("autoencoder", spectra.AutoEncoder, 7, {"scalars": [7]}, "mse", 64, 3e-3, lambda t: leaky(t, 3)),
    Network("autoencoder_images", lambda n: maps.AutoEncoder(n, 32), 1, {"images": [1, 32, 32]}, "bce", 32, 0.1,
            lambda t: leaky(t, 2)),
    Network("resnet1d", lambda n: spectra.ResNet1d(100, n), 1, {"scalars": [100]}, "mse", 8, 0.01,
            lambda t: set_all(t[4], spectra.SameConv1d, odd_in_front=True), moved=True),
    Network("transformer", lambda n: spectra.Transformer(96, n), 1, {"scalars": [96]}, "mse", 16, 0.05,
            lambda t: set_all(t.blocks[1], nn.MultiheadAttention, num_heads=8, head_dim=8)),
    Network("quasarnet", lambda n: spectra.QuasarNet(443, n // 26), 156, {"scalars": [443]}, "mse", 8, 10.0,
            lambda t: set_all(t.dense, nn.BatchNorm1d, eps=1e-2), still=DOWN),
    Network("quasarnet", lambda n: spectra.QuasarNet(531, n // 26), 130, {"scalars": [531]}, "mse", 8, 10.0,
            lambda t: leaky(t.convs, 5), parameters={"lines": 5}, still=DOWN),
    Network("resnet", lambda n: images.ResNet18(3, n), 1000, {"images": [3, 64, 64]}, "bins", 4, 0.05,
            lambda t: set_all(t, nn.MaxPool2d, kernel_size=2, padding=0), published=11_689_512, moved=True),
    Network("inception", lambda n: images.Inception(5, n), 20, {"images": [5, 32, 32]}, "bins", 4, 0.03,
            lambda t: set_all(t[4], images.MeanOfValid, counted=True)),
    Network("small_images", lambda n: images.SmallImages(5, 1, n), 20, {"images": [5, 32, 32]} | COLUMN,
            "bins", 4, 0.02, lambda t: leaky(t.body[2], 1)),
    Network("unet", lambda n: maps.UNet(1, n), 1, {"images": [1, 32, 32]}, "bce", 2, 0.1,
            lambda t: leaky(t.up[1][1], 2), slow=True, moved=True),
    Network("unetpp", lambda n: maps.UNetPlusPlus(1, n), 1, {"images": [1, 32, 32]}, "bce", 2, 0.003,
            lambda t: leaky(t.nodes[5][1], 1), slow=True, moved=True),
    Network("treyer2024", lambda n: images.Treyer(5, 1, n), 400, IMAGE | COLUMN, "bins", 2, 0.05,
            lambda t: set_all(t.body[5], images.MeanOfValid, counted=True), slow=True, moved=True, certain=True),
    Network("pasquet2019", lambda n: images.Pasquet(5, n), 180, IMAGE | COLUMN, "bins", 2, 0.005,
            lambda t: leaky(t.head, 1), published=27_596_372, slow=True),
]


TELL_OUTPUTS = ("unet", "unetpp", "quasarnet", "autoencoder_images")  # whose last layers say how many they are


def batch_of(network, seed):
    """Noise around a smooth bump in the middle of each image or series, and targets that nothing explains."""
    draw = np.random.default_rng(seed)
    batch = {}
    for name, dims in network.inputs.items():
        places = [np.linspace(-2, 2, n) for n in (dims[1:] or dims)]
        bump = np.exp(-sum(axis ** 2 for axis in np.meshgrid(*places, indexing="ij")))
        height = draw.uniform(0.5, 3, (network.rows, *dims[:len(dims) - bump.ndim], *[1] * bump.ndim))
        batch[name] = (draw.normal(size=(network.rows, *dims)) + height * bump).astype("<f4")
    if network.loss == "bins":
        return batch, draw.integers(0, network.outputs, network.rows) + 0.5
    dims = [network.outputs, *network.inputs["images"][1:]] if network.loss == "bce" else [network.outputs]
    return batch, draw.uniform(size=(network.rows, *dims))


class Ours:
    """network_steps on one batch."""

    def __init__(self, check, network, side, batch, target):
        self.check, self.network, self.side = check, network, side
        self.folder = check.work / f"{network.use}-{network.outputs}"
        self.folder.mkdir(exist_ok=True)
        bins = {"min": 0, "max": network.outputs, "n": network.outputs}
        loss = {"use": "softmax_cross_entropy", "bins": bins} if network.loss == "bins" else {"use": network.loss}
        self.task = {"use": network.use, "parameters": network.parameters, "inputs": network.inputs, "loss": loss,
                     "target": list(target.shape[1:]), "device": side.device, "dtype": side.dtype, "rows": network.rows,
                     "seed": check.seed, "optimizer": {"name": "sgd"}, "learning_rate": network.rate}
        if network.use not in TELL_OUTPUTS:
            self.task["units"] = network.outputs
        for name, values in batch.items():
            values.tofile(self.folder / f"{name}.bin")
        target.astype("<f8").tofile(self.folder / "target.bin")
        self.dims = {state["name"]: state["dims"] for state in self.run(steps=0)["states"]}

    def run(self, **more):
        done = run([self.check.build / "bin/network_steps", self.folder], input=json.dumps(self.task | more))
        if done.returncode != 0:
            sys.exit(f"network_steps: {self.network.use}: {done.stderr}")
        return json.loads(done.stdout)

    def count(self):
        return sum(map(math.prod, self.dims.values()))

    def steps(self, start):
        """The weights that the steps end with."""
        given = np.concatenate([value.ravel() for value in start.values()])
        given.astype(self.side.numpy).tofile(self.folder / "given.bin")
        self.run(steps=STEPS, given=True)
        return self.states("end.bin")

    def states(self, name):
        flat, at, states = np.fromfile(self.folder / name, self.side.numpy), 0, {}
        for state, dims in self.dims.items():
            states[state] = flat[at:at + math.prod(dims)].reshape(dims)
            at += math.prod(dims)
        assert at == flat.size
        return states


def way(a, b):
    return float(np.linalg.norm(a.astype("f8") - b))


def finite(gap):
    return gap if math.isfinite(gap) else math.inf


def check_count(check, network, ours):
    twin = network.twin(network.outputs + (26 if network.use == "quasarnet" else 1) * check.controls)
    count = sum(p.numel() for p in twin.parameters())
    check.line(ours.count() == count == (network.published or count),
               f"parameters of {network.use} with {network.outputs} outputs, its twin's"
               + (" and the published ones" if network.published else ""), f"{ours.count():,} and {count:,}",
               f"{network.published:,}" if network.published else "equal")


def check_steps(check, network, ours, batch, target):
    side = ours.side
    twin = Twin(network, side.dtype, ours.states("start.bin"), batch, target)
    start = twin.start(check.seed, network.moved and side == ROUNDED)
    end = ours.steps(start)
    if check.controls:
        network.fault(twin.module)
    losses, theirs = twin.steps(STEPS), twin.weights()
    ways = {name: way(theirs[name], start[name]) for name in start}
    gaps = {name: finite(way(end[name], theirs[name]) / ways[name]) if ways[name] > 0 else math.inf
            for name in start if name.removesuffix(".bias") not in network.still}
    worst = max(gaps, key=gaps.get)
    check.line(gaps[worst] <= side.bound,
               f"{STEPS} steps of {network.use} by SGD on {side.device} in {side.dtype.upper()} against PyTorch "
               f"{torch.__version__}" + ", away from kinks" * (network.moved and side == ROUNDED),
               f"{gaps[worst]:.3g} ({worst}, the worst of {len(gaps)} tensors; batch of {network.rows}, loss "
               f"{losses[0]:.4f} to {losses[-1]:.4f})", f"<= {side.bound:g} of the way moved")
    if network.still:
        still = network.still + ("confidence",) * check.controls
        moved = max(finite(way(end[f"{layer}.bias"], start[f"{layer}.bias"]) / ways[f"{layer}.weights"])
                    for layer in still)
        check.at_most(moved, side.bound, f"way of the {len(still)} biases of {network.use} that stand in front of a "
                      f"batch norm, whose gradient is 0, over that of their weights, in {side.dtype.upper()}", digits=3)


def check_completeness(check):
    shipped = {path.stem for path in (check.build / "lib/calanque/models").glob("*.toml")}
    if check.controls:
        shipped.add("planted")
    missing = sorted(shipped - {network.use for network in NETWORKS})
    check.line(not missing, "shipped models without a twin",
               f"{len(missing)} of {len(shipped)} {' '.join(missing)}".strip(), "0")


def main():
    check = Check(__doc__, knows_full=True)
    torch.set_num_threads(2)
    for network in NETWORKS:
        batch, target = batch_of(network, check.seed)
        ours = Ours(check, network, ROUNDED, batch, target)
        check_count(check, network, ours)
        check_steps(check, network, ours, batch, target)
        if check.full or not network.slow:
            check_steps(check, network, Ours(check, network, EXACT, batch, target), batch, target)
    for pixels, lines in ((443, 6), (531, 5)):
        quasarnet.check_predictions(check, pixels, lines)
    check_completeness(check)
    check.exit()


main()
