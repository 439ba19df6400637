# tests/evidence/images/report.py -- clq report: a browser without a network shows all of it, and its numbers are clq's.
# SPDX-License-Identifier: BSD-3-Clause
"""A network for redshifts of real galaxies, its report in Chromium. The controls change a digit of the page, add a
picture from elsewhere, break a picture, empty the page, draw with another seed, stretch a PDF, take another formula."""
import io
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from evidence import ROOT, Check, run  # noqa: E402

for folder in ("tests/capi/report", "capi/report"):
    sys.path.insert(0, str(ROOT / folder))

import numpy as np  # noqa: E402
from browser import Browser  # noqa: E402
from calanque_report import sample as report_sample  # noqa: E402
from calanque_report.predictions import Predictions  # noqa: E402
from matplotlib.image import imread  # noqa: E402
from pages import Page, printed_metrics, width_of_pdf, wrong_numbers  # noqa: E402

TRAIN = ROOT / "projects/deepdip/data/boss_dr10_train.fits"
TEST = ROOT / "projects/deepdip/data/boss_dr10_test.fits"
WHERE = "Z > 0.002"


def must(check, *arguments):
    done = run([check.clq, *arguments])
    if done.returncode != 0:
        sys.exit(f"report: clq {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def report(check, seed):
    """The folder of a report, by the same command into the same place."""
    folder = check.work / "report"
    must(check, "report", check.work / "run", "--data", TEST, "--where", WHERE, "--seed", seed, "-o", folder)
    return folder


def spoil(folder):
    """The faults of the page that a control plants, each in a page of its own, named after what must see it."""
    text = (folder / "report.html").read_text(encoding="utf-8")
    digit = re.search(r'data-metric="sigma_mad">0\.0\d\d(\d)', text)
    changed = text[:digit.start(1)] + str((int(digit[1]) + 1) % 10) + text[digit.end(1):]
    spoilt = {
        "numbers": changed,
        "outside": text.replace("</body>", '<img alt="" src="http://example.org/figure.png"></body>'),
        "pictures": re.sub(r'(src="data:image/png;base64,)[^"]{200}', r"\1", text, count=1),
        "blank": re.sub(r"<body>.*</body>", "<body></body>", text, flags=re.DOTALL),
    }
    return {name: _write(folder / f"spoilt-{name}.html", words) for name, words in spoilt.items()}


def _write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def ink(shot):
    """The share of pixels that are not white, and how many colours there are."""
    pixels = (imread(io.BytesIO(shot))[..., :3] * 255).round().astype(int)
    flat = pixels @ [65536, 256, 1]
    return float(np.mean(flat != 0xFFFFFF)), len(np.unique(flat))


def check_browser(check, pages):
    with Browser(check.work) as browser:
        seen = {name: browser.look_at(pages[name].resolve()) for name in ("pictures", "outside", "blank")}
    loaded = seen["pictures"][0]
    check.line(len(loaded) >= 7 and all(loaded), "figures that Chromium without a network shows",
               f"{sum(loaded)} of {len(loaded)}", "all, 7 or more")
    outside = seen["outside"][1]
    figure = f"{len(outside)} {' '.join(outside)}".strip()
    check.line(not outside, "addresses outside of the page that it asks for", figure, "0")
    share, colours = ink(seen["blank"][2])
    figure = f"{100 * share:.1f} % ink, {colours} colours"
    check.line(0.02 < share < 0.6 and colours > 500, "picture of the whole page", figure,
               "2 to 60 % ink, over 500 colours")
    if not check.controls:
        (check.work / "page.png").write_bytes(seen["blank"][2])


def check_numbers(check, path, printed):
    page = Page(path)
    wrong = wrong_numbers(page, printed)
    check.line(not wrong and len(printed) >= 15, "numbers of the page that are not those of clq evaluate --json",
               f"{len(wrong)} of {len(page.numbers)} {' '.join(wrong)}".strip(), "0")


def check_formulae(check, folder, scores):
    """The errors beside the metrics are errors of these very numbers."""
    if check.controls:
        report_sample.FUNCTIONS["sigma_mad"] = ("dz", lambda x, w: 1.48 * np.median(np.abs(x - np.median(x))))
    predictions = Predictions(folder / "predictions.fits", lambda names: ["ZSPEC"])
    own = report_sample.RedshiftSample(predictions, scores, "").own_values()
    worst = max(own, key=lambda name: abs(own[name] - scores[name]))
    check.at_most(abs(own[worst] - scores[worst]), 1e-12, f"the report's own value of the whole sample, of {worst}")


def check_files(check, folder, first):
    """first: the bytes of an earlier report by the same command."""
    again = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith("spoilt")}
    differ = [name for name in sorted(first | again) if first.get(name) != again.get(name)]
    check.line(not differ and len(again) > 25, "files that a second report writes otherwise",
               f"{len(differ)} of {len(again)} {' '.join(differ[:3])}".strip(), "0")
    if check.controls:
        path = folder / "zz-88mm.pdf"
        path.write_bytes(re.sub(rb"/MediaBox \[ 0 0 [\d.]+", b"/MediaBox [ 0 0 255.5", path.read_bytes()))
    errors = [abs(width_of_pdf(path) - int(re.search(r"-(\d+)mm", path.name)[1])) for path in folder.glob("*mm.pdf")]
    check.at_most(max(errors), 0.01, f"widths of {len(errors)} PDFs against 88 and 180", " mm")


def main():
    check = Check(__doc__)
    must(check, "train", ROOT / "projects/deepdip/runs/boss_dr10.toml", f"data.catalog={TRAIN}", "train.epochs=12",
         f"train.seed={check.seed}", "-o", check.work / "run")
    folder = report(check, check.seed)
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    report(check, check.seed + int(check.controls))
    printed = must(check, "evaluate", check.work / "run/model.safetensors", TEST, "--where", WHERE, "--json")
    whole = folder / "report.html"
    names = ("numbers", "outside", "pictures", "blank")
    pages = spoil(folder) if check.controls else dict.fromkeys(names, whole)
    check_browser(check, pages)
    check_numbers(check, pages["numbers"], printed_metrics(printed))
    check_formulae(check, folder, json.loads(printed)["metrics"])
    check_files(check, folder, first)
    check.exit()


main()
