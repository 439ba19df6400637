# tests/projects/models/models_test.py -- every shipped model: its parameters, counted another way, and one epoch.
# SPDX-License-Identifier: BSD-3-Clause
"""models_test.py CLQ FOLDER    FOLDER holds the model files, as they are found by `model.use`

The counts are written down layer by layer from the papers and programs that the files name, not from the files.
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

CLQ, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
BANDS, SCALARS, BINS = 5, 1, 20


def conv(source, channels, area, bias=1):
    return source * channels * area + bias * channels


def dense(source, units):
    return source * units + units


def mlp(columns, outputs, width=64, depth=3):
    return dense(columns, width) + (depth - 1) * dense(width, width) + dense(width, outputs)


def autoencoder(columns, width=64, code=4):
    return mlp(columns, code, width, 2) + mlp(code, columns, width, 2)


def autoencoder_images(bands, size, width=16, code=16):
    """Three convolutions of 3 x 3 to an eighth of the size, the code, and three transposed ones of 4 x 4 back."""
    sizes, deep = [bands, width, 2 * width, 4 * width], 4 * width * (size // 8) ** 2
    total = sum(conv(a, b, 9) for a, b in zip(sizes, sizes[1:])) + dense(deep, code) + dense(code, deep)
    total += conv(4 * width, 2 * width, 16) + conv(2 * width, width, 16) + conv(width, width, 16)
    return total + conv(width, bands, 9)


def resnet(bands, outputs, width=64, stem=49):
    """He et al. 2016, 18 layers; each convolution has a batch norm of two numbers a channel and no bias."""
    def normed(source, channels, area):
        return conv(source, channels, area, bias=0) + 2 * channels
    total = normed(bands, width, stem) + 4 * normed(width, width, 9)
    for source in (width, 2 * width, 4 * width):
        channels = 2 * source
        total += normed(source, channels, 9) + 3 * normed(channels, channels, 9) + normed(source, channels, 1)
    return total + dense(8 * width, outputs)


def resnet1d(pixels, outputs, width=32, kernel=7):
    total = conv(1, width, kernel, bias=0) + 2 * width
    for source in (width, 2 * width, 4 * width):
        channels = 2 * source
        total += conv(source, channels, kernel, 0) + conv(channels, channels, kernel, 0) + 4 * channels
        total += conv(source, channels, 1, 0)
        pixels = (pixels + 1) // 2
    return total + dense(8 * width * pixels, outputs)


def module(source, reduce, channels):
    return 3 * conv(source, reduce, 1) + conv(source, channels, 1) + conv(reduce, channels, 9) + conv(reduce, channels, 25)


def inception(bands, outputs, width=32):
    total, channels, half = conv(bands, width, 25), width, 3 * width // 2
    total += module(channels, width, half)
    channels = 3 * half + width
    for _ in range(2):
        total += module(channels, 2 * width, 3 * width)
        channels = 9 * width + 2 * width
    return total + dense(channels, outputs)


def treyer2024(bands, scalars, outputs):
    """Six modules of 101, 156, 156 and 109 maps, then three unpadded convolutions from 8 x 8 to 2 x 2 pixels."""
    total = conv(bands, 96, 25) + dense(scalars, 96) + conv(96, 96, 9)
    for source in (96, 522, 522, 522, 522, 522):
        total += 3 * conv(source, 101, 1) + conv(101, 156, 25) + conv(101, 156, 9) + conv(source, 109, 1)
    total += conv(522, 96, 9) + 2 * conv(96, 96, 9)
    return total + dense(4 * 96, 1024) + dense(1024, outputs)


def pair(source, channels):
    """Two convolutions of 3 x 3, each with a batch norm and no bias."""
    return conv(source, channels, 9, 0) + conv(channels, channels, 9, 0) + 4 * channels


def unet(bands, outputs, width=64):
    """Ronneberger et al. 2015 with padding; upwards by transposed convolutions of 2 x 2."""
    sizes = [width * 2 ** i for i in range(5)]
    total = sum(pair(a, b) for a, b in zip([bands, *sizes], sizes))
    total += sum(conv(2 * c, c, 4) + pair(2 * c, c) for c in sizes[:4])
    return total + conv(width, outputs, 1)


def unetpp(bands, outputs, width=64):
    """Zhou et al. 2018: node (i, j) sees the j nodes of its size before it and one from below, by 4 x 4."""
    sizes = [width * 2 ** i for i in range(5)]
    total = sum(pair(a, b) for a, b in zip([bands, *sizes], sizes))
    for j in range(1, 5):
        for c in sizes[:5 - j]:
            total += conv(2 * c, c, 16) + conv((j + 1) * c, c, 9) + conv(c, c, 9)
    return total + 4 * conv(width, outputs, 1)


def transformer(outputs, width=64, depth=3, patch=8):
    """Vaswani et al. 2017, normalised before: four projections and two dense layers a block."""
    block = 4 * dense(width, width) + dense(width, 4 * width) + dense(4 * width, width) + 2 * 2 * width
    return conv(1, width, patch) + depth * block + 2 * width + dense(width, outputs)


def quasarnet(pixels, lines=6, boxes=13):
    """Busca & Balland 2018: four convolutions of 100 maps, kernel 10, stride 2, without padding."""
    total, source = 0, 1
    for _ in range(4):
        total += conv(source, 100, 10) + 200
        source, pixels = 100, (pixels - 10) // 2 + 1
    return total + dense(100 * pixels, 100) + 200 + 2 * dense(100, lines * boxes)


class Desk(unittest.TestCase):
    def setUp(self):
        self.work = tempfile.TemporaryDirectory(prefix="calanque-models-")
        self.addCleanup(self.work.cleanup)

    def clq(self, *arguments):
        done = subprocess.run([CLQ, *map(str, arguments)], cwd=self.work.name, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def run_file(self, data, model, task="regression", parameters="", more=""):
        text = f'task = "{task}"\n[data]\n{data}\n[model]\nuse = "{model}"\n{parameters}\n{more}\n[train]\nepochs = 1\nbatch = 16\n'
        (pathlib.Path(self.work.name) / "run.toml").write_text(text, encoding="utf-8")

    def table(self):
        return json.loads(self.clq("--json", "inspect", "run.toml"))

    def counted(self):
        described = self.table()
        self.assertEqual(described["parameters"], sum(row["parameters"] for row in described["table"]))
        return described["parameters"]

    def images(self, model, size, parameters="", scalars=True):
        data = f'catalog = "deepdip://galaxies?n=80&size={size}"\nimages = "IMAGE"\ntarget = "Z"\n'
        data += 'scalars = ["EBV"]' if scalars else ""
        self.run_file(data, model, "photoz", parameters, f"bins = {{ min = 0.0, max = 0.5, n = {BINS} }}")

    def series(self, model, pixels, targets=1, parameters=""):
        draw = random.Random(3)
        names = [f"p{i}" for i in range(pixels)] + [f"y{i}" for i in range(targets)]
        rows = [",".join(f"{draw.gauss(0, 1):.4f}" for _ in names) for _ in range(80)]
        (pathlib.Path(self.work.name) / "series.csv").write_text("\n".join([",".join(names), *rows]) + "\n", encoding="utf-8")
        target = ", ".join(f'"y{i}"' for i in range(targets))
        self.run_file(f'catalog = "series.csv"\nscalars = ["p*"]\ntarget = [{target}]', model, parameters=parameters)

    def without_target(self, model, size=16):
        if model == "autoencoder":
            self.series("mlp", 7)
            self.run_file('catalog = "series.csv"\nscalars = ["p*"]', model, "reconstruction")
        else:
            data = f'catalog = "deepdip://galaxies?n=80&size={size}"\nimages = "IMAGE"'
            self.run_file(data, model, "reconstruction", f"parameters = {{ bands = {BANDS}, size = {size} }}")

    def train(self):
        self.clq("train", "run.toml", "-o", "run")
        self.clq("inspect", "--strict", "run")


class Counts(Desk):
    def test_formulas_of_this_file_give_what_is_published(self):
        self.assertEqual(resnet(3, 1000), 11_689_512)  # torchvision's resnet18
        self.assertEqual(round(unet(1, 1) / 1e6, 1), 31.0)  # the network of Zavagno et al. 2023

    def test_networks_for_images(self):
        for model, size, scalars, wanted in (("resnet", 64, False, resnet(BANDS, BINS)),
                                             ("inception", 32, False, inception(BANDS, BINS)),
                                             ("unet", 32, False, unet(BANDS, 1)),
                                             ("unetpp", 32, False, unetpp(BANDS, 1)),
                                             ("treyer2024", 64, True, treyer2024(BANDS, SCALARS, BINS))):
            self.images(model, size, scalars=scalars)
            self.assertEqual(self.counted(), wanted, model)

    def test_networks_for_tables_and_spectra(self):
        self.series("mlp", 7)
        self.assertEqual(self.counted(), mlp(7, 1))
        self.series("resnet1d", 100)
        self.assertEqual(self.counted(), resnet1d(100, 1))
        self.series("transformer", 96)
        self.assertEqual(self.counted(), transformer(1))
        for pixels, lines in ((443, 6), (531, 5)):
            self.series("quasarnet", pixels, 2 * lines * 13, f"parameters = {{ lines = {lines} }}")
            self.assertEqual(self.counted(), quasarnet(pixels, lines), pixels)

    def test_auto_encoders(self):
        self.without_target("autoencoder")
        self.assertEqual(self.counted(), autoencoder(7))
        for size in (16, 32):
            self.without_target("autoencoder_images", size)
            self.assertEqual(self.counted(), autoencoder_images(BANDS, size), size)

    def test_shapes_of_quasarnet_are_the_published_ones(self):
        for pixels, wanted in ((443, [217, 104, 48, 20]), (531, [261, 126, 59, 25])):
            self.series("quasarnet", pixels, 156)
            found = [row["output"] for row in self.table()["table"] if row["use"] == "conv"]
            self.assertEqual(found, [[100, n] for n in wanted])


class Epochs(Desk):
    def test_small_ones_train(self):
        for model, parameters in (("resnet", "parameters = { width = 4, stem = 3, stem_stride = 1 }"),
                                  ("inception", "parameters = { width = 4 }")):
            self.images(model, 16, parameters, scalars=False)
            self.train()
            self.setUp()
        for model, pixels, targets in (("mlp", 7, 1), ("resnet1d", 64, 1), ("transformer", 64, 1), ("quasarnet", 300, 156)):
            self.series(model, pixels, targets)
            self.train()
            self.setUp()
        for model in ("autoencoder", "autoencoder_images"):
            self.without_target(model)
            self.train()
            self.setUp()


class Files(unittest.TestCase):
    def test_every_model_is_tested(self):
        tested = {"autoencoder", "autoencoder_images", "inception", "mlp", "quasarnet", "resnet", "resnet1d", "transformer", "treyer2024", "unet", "unetpp"}
        elsewhere = {"pasquet2019", "small_images"}  # tests/projects/deepdip
        self.assertEqual({path.stem for path in FOLDER.glob("*.toml")}, tested | elsewhere)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
