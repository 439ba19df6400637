# tests/hosts/python/export_test.py -- exported PyTorch modules answer as their models do.
# SPDX-License-Identifier: BSD-3-Clause
import importlib.util
import subprocess
import sys
import unittest

import numpy as np
import torch

import calanque
from calanque.export import export
from common import Case, trained

RNG = np.random.default_rng(1)
# Of outputs of order 1: F32 sums in another order, through as many as fifty layers.
TOLERANCE = 1e-5


def module_of(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shuffled(model):
    """Its states moved, so that none is at its start: running statistics, biases, slopes."""
    for name, state in model.states.items():
        if name.endswith("running_variance") or name.endswith("gamma"):
            model.states[name] = RNG.uniform(0.5, 1.5, state.shape)
        elif not name.endswith("weights"):
            model.states[name] = RNG.normal(0, 0.1, state.shape)
    return model


def created(arrays, **run):
    config, source = calanque.Config(run), calanque.Source.from_arrays(arrays)
    model = calanque.Model.create(config, source)
    model.fit(source, config)
    return shuffled(model)


class Exported(Case):
    def agrees(self, model, inputs, spread=0.01):
        """inputs: {tensor: array}. spread: the least deviation of the answers, which must not all be alike."""
        export(model, self.folder / "net.py")
        module = module_of(self.folder / "net.py")
        tensors = {name: torch.from_numpy(np.asarray(array, "f4")) for name, array in inputs.items()}
        theirs = module.predict(module.load(), **tensors).numpy()
        mine = model.predict(inputs).values
        self.assertEqual(theirs.shape, mine.shape)
        scale = np.abs(mine).max()
        self.assertGreater(np.std(mine), spread * scale)
        self.assertLess(np.abs(theirs - mine).max(), TOLERANCE * scale)
        return (self.folder / "net.py").read_text()

    def test_mlp_with_every_transform_of_columns(self):
        a, b = RNG.uniform(15, 22, 200), RNG.uniform(0.01, 0.5, 200)
        arrays = {"a": a, "b": b, "c": RNG.uniform(1, 9, 200), "y": np.exp(a / 10)}
        model = created(arrays, task="regression", data={"scalars": ["a", "b", "c"], "target": "y",
                                                        "derived": {"d": "a - log10(c) / 2"}},
                        transform=[{"use": "asinh_mag", "fields": ["a"], "errors": ["b"]},
                                   {"use": "log10", "fields": ["c"]}, {"use": "standardise"},
                                   {"use": "clip", "fields": ["d"], "min": -2, "max": 2}],
                        target_transform=[{"use": "log10"}, {"use": "standardise"}], model={"use": "mlp"})
        text = self.agrees(model, {"scalars": np.stack([a, b, arrays["c"]], axis=1)[:50]})
        self.assertIn("nn.Linear(4, 64)", text)

    def test_resnet(self):
        galaxies = calanque.Source.open("deepdip://galaxies?n=24&size=32&seed=1")
        model = self.of_galaxies(galaxies, {"use": "resnet", "parameters": {"width": 8, "stem": 3, "stem_stride": 1}})
        text = self.agrees(model, self.inputs_of(galaxies))
        self.assertIn("nn.BatchNorm2d(8", text)

    def test_pasquet2019(self):
        galaxies = calanque.Source.open("deepdip://galaxies?n=24&size=64&seed=1")
        model = self.of_galaxies(galaxies, {"use": "pasquet2019"})
        model.states["bins.weights"] = 10 * model.states["bins.weights"]
        text = self.agrees(model, self.inputs_of(galaxies))
        self.assertIn("Inception(64, reduce=48, channels=64", text)

    def of_galaxies(self, galaxies, network):
        config = calanque.Config({"task": "photoz", "data": {"images": "IMAGE", "scalars": ["EBV"], "target": "Z"},
                                  "transform": [{"use": "sky_asinh", "fields": ["images"]}, {"use": "dihedral"},
                                                {"use": "standardise", "fields": ["EBV"]}],
                                  "model": {**network, "bins": {"min": 0.0, "max": 0.85, "n": 40}}})
        model = calanque.Model.create(config, galaxies)
        model.fit(galaxies, config)
        return shuffled(model)

    def inputs_of(self, galaxies):
        rows = np.arange(6)
        return {"images": galaxies.read("IMAGE", rows), "scalars": galaxies.read("EBV", rows)[:, None]}

    def test_other_models_that_are_shipped(self):
        images = RNG.normal(size=(6, 3, 32, 32)).astype("f4")
        spectra = RNG.normal(size=(6, 443)).astype("f4")
        arrays = {"images": images, "mask": (images[:, :1] > 0).astype("f4"), "e": RNG.uniform(size=6),
                  "short": spectra[:, :256], "spectrum": spectra, "lines": RNG.uniform(size=(6, 26)),
                  "y": np.arange(6.0)}
        both = {"images": images, "scalars": arrays["e"][:, None]}
        of_spectra, of_images = {"scalars": ["spectrum"], "target": "y"}, {"images": "images"}
        cases = [
            ("unet", "segmentation", {**of_images, "target": "mask"}, {"width": 4}, {"images": images}),
            ("inception", "regression", {**of_images, "scalars": ["e"], "target": "y"}, {"width": 8}, both),
            ("resnet1d", "regression", of_spectra, {"width": 8}, {"scalars": spectra}),
            ("quasarnet", "regression", {**of_spectra, "target": "lines"}, {"lines": 1}, {"scalars": spectra}),
            ("transformer", "regression", {**of_spectra, "scalars": ["short"]}, {}, {"scalars": spectra[:, :256]}),
            ("autoencoder_images", "reconstruction", of_images, {"bands": 3}, {"images": images}),
        ]
        for name, task, data, parameters, inputs in cases:
            with self.subTest(name):
                model = created(arrays, task=task, data=data, split={"valid": 0.0},
                                model={"use": name, "parameters": parameters})
                self.agrees(model, inputs)

    def test_layers_of_every_kind(self):
        galaxies = calanque.Source.open("deepdip://galaxies?n=24&size=16&seed=1")
        layers = [
            {"name": "stem", "use": "conv", "from": "input.images", "channels": 8, "kernel": 4, "activation": "prelu"},
            {"use": "max_pool", "kernel": 3, "stride": 2, "padding": "same"},
            {"use": "layer_norm", "axis": 1}, {"use": "conv", "channels": 8, "kernel": 3, "groups": 2, "dilation": 2},
            {"use": "leaky_relu", "alpha": 0.1}, {"use": "avg_pool", "kernel": 2, "stride": 1, "padding": "same"},
            {"name": "up", "use": "conv_transpose", "channels": 6, "kernel": 3, "stride": 2, "activation": "gelu"},
            {"use": "upsample", "scale": 2, "mode": "bilinear"}, {"use": "elu"},
            {"use": "upsample"}, {"use": "avg_pool", "kernel": 4, "padding": 1, "count_padding": True},
            {"name": "left", "use": "slice", "end": -3},
            {"name": "right", "use": "slice", "from": "avg_pool2", "begin": 3},
            {"name": "both", "use": "average", "from": ["left", "right"], "activation": "softplus"},
            {"name": "gate", "use": "dense", "from": "input.EBV", "units": 3, "activation": "sigmoid"},
            {"use": "multiply", "from": ["both", "gate"]}, {"use": "permute", "axes": [2, 3, 1]},
            {"use": "reshape", "shape": [-1, 3]}, {"use": "dense", "units": 2, "activation": "tanh"},
            {"use": "flatten"}, {"use": "dropout"}, {"use": "dense", "units": 40},
            {"name": "one", "use": "dense", "units": 40, "activation": "silu"},
            {"name": "two", "use": "dense", "shares": "one", "units": 40, "activation": "silu"}, {"use": "dense"}]
        self.agrees(self.of_galaxies(galaxies, {"layer": layers}), self.inputs_of(galaxies))

    def test_attention_that_looks_back_alone(self):
        galaxies = calanque.Source.open("deepdip://galaxies?n=24&size=16&seed=1")
        layers = [{"use": "reshape", "from": "input.images", "shape": [-1, 16]},
                  {"use": "positional_encoding", "kind": "learned"}, {"use": "attention", "heads": 2, "causal": True},
                  {"use": "attention", "heads": 4, "bias": False}, {"use": "flatten"}, {"use": "dense"}]
        self.agrees(self.of_galaxies(galaxies, {"layer": layers}), self.inputs_of(galaxies))

    def test_by_the_command(self):
        model, data = trained(train={"epochs": 1})
        model.save(self.folder / "m.safetensors")
        command = [sys.executable, "-m", "calanque.export", str(self.folder / "m.safetensors"), "-o"]
        done = subprocess.run([*command, str(self.folder / "net.py")], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        module = module_of(self.folder / "net.py")
        rows = np.stack([data["a"], data["b"]], axis=1)[:9]
        theirs = module.predict(module.load(), torch.from_numpy(rows))
        np.testing.assert_allclose(theirs, model.predict(rows).values, rtol=1e-5, atol=1e-6)
        done = subprocess.run([*command, "net.txt"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("net.txt must be named NAME.py", done.stderr)

    def test_what_is_not_written_is_named(self):
        galaxies = calanque.Source.open("deepdip://galaxies?n=24&size=16&seed=1")
        layers = [{"name": "kind", "use": "embedding", "from": "input.EBV", "kinds": 3, "units": 4}, {"use": "dense"}]
        model = self.of_galaxies(galaxies, {"layer": layers})
        self.refuses(calanque.UnsupportedError, "kind: a layer 'embedding'", export, model, self.folder / "net.py")
        self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
