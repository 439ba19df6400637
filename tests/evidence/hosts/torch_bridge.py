# tests/evidence/hosts/torch_bridge.py -- our rows in a PyTorch loop, our networks as PyTorch modules.
# SPDX-License-Identifier: BSD-3-Clause
"""calanque.torch.Loader against what one writes with astropy and PyTorch's DataLoader, on the galaxies of
projects/deepdip/data: processor time a row, batches of 256, several numbers of workers for the peer, whose best counts.
And three shipped networks, with weights moved off their start, as `clq export --torch` writes them.

Controls: rows one by one from our own reader; exported modules whose weights are a thousandth too large.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from installed import PYTHON, ROOT, Installed  # noqa: E402
from evidence import Check, run  # noqa: E402

TABLE = ROOT / "projects/deepdip/data/boss_dr10_train.fits"
LEAST_RATIO, MOST_DIFFERENCE = 5, 1e-5
SPEED = """
import sys, time
import torch
from astropy.io import fits
from torch.utils.data import DataLoader, Dataset
from calanque.torch import Loader, Reader

path, one_by_one = sys.argv[1], sys.argv[2] == "1"

class Rows(Dataset):
    def __init__(self):
        self.table = fits.getdata(path, 1)
        self.names = [name for name in self.table.names if name.startswith("MAG")]
    def __len__(self):
        return len(self.table)
    def __getitem__(self, i):
        row = self.table[i]
        return torch.tensor([row[name] for name in self.names], dtype=torch.float32), float(row["Z"])

def seconds(batches):
    begun = time.perf_counter()
    rows = sum(len(batch["z"] if isinstance(batch, dict) else batch[1]) for batch in batches)
    return (time.perf_counter() - begun) / rows

theirs = {workers: min(seconds(DataLoader(Rows(), batch_size=256, shuffle=True, num_workers=workers)) for _ in range(3))
          for workers in (0, 1, 2)}
reader = Reader(path, {"x": ["MAG_*", "MAGERR_*"], "z": "Z"}, batch=1 if one_by_one else 256)
ours = min(seconds(Loader(reader)) for _ in range(1 if one_by_one else 5))
best = min(theirs, key=theirs.get)
print(theirs[best] / ours, best, 1e6 * theirs[best], 1e6 * ours)
"""
EXPORT = """
import importlib.util, pathlib, sys
import numpy as np, torch, calanque
folder, seed, factor = pathlib.Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
draw = np.random.default_rng(seed)
n = 24
def images(bands, size):
    return {"images": draw.normal(0, 1, (n, bands, size, size)).astype("f4"), "y": draw.normal(0, 1, n)}
cases = {
    "resnet": ({"model": {"use": "resnet", "parameters": {"width": 8}}}, images(3, 32), ["images"]),
    "inception": ({"model": {"use": "inception"}}, images(3, 32), ["images"]),
    "mlp": ({"data": {"scalars": ["x"]}, "model": {"use": "mlp"}},
            {"x": draw.normal(0, 1, (n, 7)).astype("f4"), "y": draw.normal(0, 1, n)}, ["x"])}
for name, (run, arrays, inputs) in cases.items():
    run = {"task": "regression", **run, "data": {**run.get("data", {}), "target": "y"}}
    config, source = calanque.Config(run), calanque.Source.from_arrays(arrays)
    model = calanque.Model.create(config, source)
    model.fit(source, config)
    for state, values in model.states.items():
        if state.endswith("running_variance") or state.endswith("gamma"):
            model.states[state] = draw.uniform(0.5, 1.5, values.shape)
        elif not state.endswith("weights"):
            model.states[state] = draw.normal(0, 0.1, values.shape)
    bundle = folder / f"{name}.safetensors"
    model.save(bundle)
    from calanque.export import export
    export(bundle, folder / f"net_{name}.py")
    spec = importlib.util.spec_from_file_location(f"net_{name}", folder / f"net_{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    net = module.load()
    if factor != 1:
        with torch.no_grad():
            for parameter in net.parameters():
                parameter *= factor
    given = {("scalars" if i == "x" else i): torch.from_numpy(arrays[i]) for i in inputs}
    theirs = module.predict(net, **given).numpy().reshape(n, -1)
    ours = np.asarray(calanque.Model.load(bundle).predict(arrays[inputs[0]]).values).reshape(n, -1)
    print(name, np.abs(theirs - ours).max() / np.abs(ours).max())
"""


def main():
    check = Check(__doc__)
    if run([PYTHON, "-c", "import torch, astropy"]).returncode != 0:
        check.skip("rows for PyTorch and networks as its modules", f"{PYTHON} has no PyTorch or no astropy")
        check.exit()
    installed = Installed(check)
    done = installed.must(run([PYTHON, "-c", SPEED, TABLE, int(check.controls)], env=installed.environment()), "speed")
    ratio, workers, theirs, ours = (float(word) for word in done.stdout.split())
    check.line(ratio >= LEAST_RATIO, "rows a second of calanque.torch.Loader over astropy and a DataLoader",
               f"{ratio:.1f} ({theirs:.1f} us a row with {workers:.0f} workers, {ours:.2f} us)", f">= {LEAST_RATIO}")
    factor = 1.001 if check.controls else 1
    done = installed.must(run([PYTHON, "-c", EXPORT, check.work, check.seed, factor], env=installed.environment()), "export")
    for line in done.stdout.splitlines():
        name, difference = line.split()
        check.at_most(float(difference), MOST_DIFFERENCE, f"{name} as a PyTorch module: max|a - b| / max|b|", digits=2)
    check.exit()


main()
