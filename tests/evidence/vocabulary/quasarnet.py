# tests/evidence/vocabulary/quasarnet.py -- what the program predicts by QuasarNET against the network in NumPy.
# SPDX-License-Identifier: BSD-3-Clause
"""It is written from the paper of Busca & Balland 2018, arXiv 1808.09955, and shares no line with the toolkit; it
computes in F64."""
import json
import sys

import numpy as np

from evidence import last_line, run

BOUND = 1e-5
EPS = 1e-3  # of Keras, in which the first program was written


def weights_of(bundle):
    """Of a safetensors file."""
    data = bundle.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + size])
    tensors = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            begin, end = entry["data_offsets"]
            flat = np.frombuffer(data[8 + size + begin:8 + size + end], "<f4")
            tensors[name] = flat.reshape(entry["shape"]).astype("f8")
    return tensors


def convolved(x, weights, bias):
    """[N, C, L] by [K, C, kernel], stride 2, without padding."""
    windows = np.lib.stride_tricks.sliding_window_view(x, weights.shape[2], axis=2)[:, :, ::2]
    return np.einsum("nclk,dck->ndl", windows, weights, optimize=True) + bias[:, None]


def normed(x, w, name, eps):
    def shaped(values):
        return values.reshape(-1, *[1] * (x.ndim - 2))

    scale = w[name + ".gamma"] / np.sqrt(w[name + ".running_variance"] + eps)
    return np.maximum((x - shaped(w[name + ".running_mean"])) * shaped(scale) + shaped(w[name + ".beta"]), 0)


def predict(w, spectra, eps=EPS):
    """Confidences and then offsets of every line, a row a spectrum."""
    x = spectra[:, None, :]
    for i in range(1, 5):
        conv = f"down.{i}.conv"
        x = normed(convolved(x, w[conv + ".weights"], w[conv + ".bias"]), w, f"down.{i}.norm", eps)
    flat = x.transpose(0, 2, 1).reshape(len(x), -1)  # the places first, as Keras flattens
    features = normed(flat @ w["dense.weights"].T + w["dense.bias"], w, "norm", eps)
    heads = [features @ w[head + ".weights"].T + w[head + ".bias"] for head in ("confidence", "offset")]
    return 1 / (1 + np.exp(-np.concatenate(heads, 1)))


def trained(check, pixels, lines):
    """A network of few steps by the program: its bundle, the spectra and what it predicts of them."""
    folder, draw = check.work / f"quasarnet-{pixels}", np.random.default_rng([check.seed, pixels])
    folder.mkdir(exist_ok=True)
    outputs = 26 * lines
    spectra = draw.normal(size=(64, pixels)).cumsum(1) / 8 + draw.normal(size=(64, pixels))
    names = [f"p{i}" for i in range(pixels)] + [f"y{i}" for i in range(outputs)]
    rows = np.concatenate([spectra, draw.uniform(size=(64, outputs)) < 0.3], 1)
    text = [",".join(names), *[",".join(f"{v:.9g}" for v in row) for row in rows]]
    (folder / "spectra.csv").write_text("\n".join(text) + "\n")
    target = ", ".join(f'"{name}"' for name in names[pixels:])
    (folder / "run.toml").write_text(
        f'[data]\ncatalog = "spectra.csv"\nscalars = ["p*"]\ntarget = [{target}]\n[model]\nuse = "quasarnet"\n'
        f"parameters = {{ lines = {lines} }}\n[train]\nepochs = 3\nbatch = 16\nseed = {check.seed}\n"
        "optimizer = { lr = 0.001 }\n")
    for command in (["train", "run.toml", "-o", "run"],
                    ["predict", "run/model-last.safetensors", "spectra.csv", "-o", "out.csv"]):
        done = run([check.clq, *command], cwd=folder)
        if done.returncode != 0:
            sys.exit(f"clq {command[0]}: {last_line(done)}")
    table = np.genfromtxt(folder / "out.csv", delimiter=",", names=True)
    found = np.stack([table[f"PRED_{i}"] for i in range(1, outputs + 1)], 1)
    return folder / "run/model-last.safetensors", spectra.astype("f4").astype("f8"), found


def check_predictions(check, pixels, lines):
    bundle, spectra, found = trained(check, pixels, lines)
    wanted = predict(weights_of(bundle), spectra, EPS * (1.1 if check.controls else 1))
    gap = np.abs(found - wanted).max()
    check.line(gap <= BOUND,
               f"predictions of quasarnet of {pixels} pixels against NumPy in F64",
               f"{gap:.3g} ({found.size:,} of them, from {found.min():.3f} to {found.max():.3f})",
               f"<= {BOUND:g}")
