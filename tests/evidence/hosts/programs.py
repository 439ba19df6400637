# tests/evidence/hosts/programs.py -- one training in every language leaves one set of bits.
# SPDX-License-Identifier: BSD-3-Clause
"""Installs the build, builds the programs of projects/deepdip/hosts against the installation as a user would, with
pkg-config, and lets each learn the galaxies of projects/deepdip/data for two epochs from --seed.

Controls: each program but the first begins from another seed; programs of 41 lines.
"""
import hashlib
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from installed import NEEDS, PROGRAMS, Installed, last_line  # noqa: E402
from evidence import Check  # noqa: E402

EPOCHS, MOST_LINES = 2, 40
SOURCES = {"C": "deepdip.c", "C++": "deepdip.cpp", "Fortran 2008": "deepdip.f90", "F77 style": "deepdip_f77.f",
           "GDL": "deepdip.pro", "Python": "deepdip.py"}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def results_of(check, installed):
    """By language the digests of the weights and of the predictions, and the score that was printed."""
    results = {}
    for place, language in enumerate(NEEDS):
        command = installed.build(language)
        if command is None:
            check.skip(f"the host program in {language}", f"there is no {NEEDS[language]} here")
            continue
        folder = check.work / f"run-{place}"
        seed = check.seed + (place if check.controls else 0)
        done = installed.train(command, EPOCHS, seed, folder)
        if done.returncode != 0:
            sys.exit(f"{SOURCES[language]}: {last_line(done)}")
        scores = json.loads(done.stdout.strip().splitlines()[-1])
        results[language] = (digest(folder / "model.safetensors"), digest(folder / "predictions.fits"),
                             scores["metrics"]["crps"])
    return results


def compare(check, results, part, claim):
    kinds = {result[part] for result in results.values()}
    figure = f"{len(kinds)} of {len(results)} languages ({', '.join(results)}): {', '.join(map(str, sorted(kinds)))}"
    check.line(len(kinds) == 1 and len(results) > 1, claim, figure, "1")


def tell_lengths(check):
    lines = {name: len((PROGRAMS / name).read_text(encoding="utf-8").splitlines()) + (41 if check.controls else 0)
             for name in SOURCES.values()}
    longest = max(lines, key=lines.get)
    check.line(lines[longest] <= MOST_LINES, "lines of the longest of the host programs", f"{lines[longest]}, {longest}",
               f"<= {MOST_LINES}")


def main():
    check = Check(__doc__)
    results = results_of(check, Installed(check))
    compare(check, results, 0, f"different models that {EPOCHS} epochs from one seed leave, by their bits")
    compare(check, results, 1, "different tables of predictions, by their bits")
    compare(check, results, 2, "different scores that the programs print")
    tell_lengths(check)
    check.exit()


main()
