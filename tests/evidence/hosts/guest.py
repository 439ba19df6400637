# tests/evidence/hosts/guest.py -- a host in each language finds itself as it was after more than a hundred calls.
# SPDX-License-Identifier: BSD-3-Clause
"""The tours of tests/hosts/guest, one in each language, are built against an installation as a user would. Each makes the
same calls, wrong ones among them: configurations, sources of arrays and of a file, trainings, files of models, predictions.
tests/hosts/guest/looks.c writes the state of its process four times: before the first call of the library; when library and
plugins are loaded, have trained and predicted, and all is closed; after the calls, with a configuration, a source, a model
and a trainer open; and when these are closed, too. Of the parts below the last two must be as the second.

Threads are compared by their number: those when all is closed with those before the first call. The trainings and
predictions take two threads each, so that a backend has a pool of its own, and it must be gone. A thread that was joined
may be listed for a moment longer, so the last look is taken again for a second at most.

Flags of the arithmetic are raised by a host's own numbers as well: spy.c, which stands between the program and the
library and counts the calls, lowers them before each call and looks at them behind it. Output is what is in the file that
the standard output goes to; the programs print nothing.

Controls: behind the tenth call the spy changes one part, each in turn, in each host.
"""
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from installed import NEEDS, Installed, last_line  # noqa: E402
from evidence import Check  # noqa: E402
from tours import LAST, Tours  # noqa: E402
import spying  # noqa: E402

PARTS = ("locale", "signals", "mask", "rounding", "traps", "words", "folder", "umask", "environment", "descriptors")
ALL_PARTS = (*PARTS, "flags", "threads", "output")
LEAST_CALLS = 100


class Hosts:
    """The tours, and the spy before each."""

    def __init__(self, check):
        installed = Installed(check)
        self.check, self.tours, self.spy = check, Tours(check.work, installed), spying.build(check, installed)
        self.commands = {language: self.tours.command(language) for language in NEEDS if shutil.which(NEEDS[language])}

    def environment(self, folder, planted):
        given = {k: v for k, v in os.environ.items() if not k.startswith("CLQ_")} | self.tours.environment(folder)
        given |= {"LD_PRELOAD": str(self.spy), "CALANQUE_LIB": str(self.spy)}
        return given | ({"PLANT": planted} if planted else {})

    def tour(self, language, planted=""):
        """The looks, each by its parts; with them how many bytes the standard output has."""
        folder = self.check.work / f"{language}-{planted}".replace(" ", "-")
        (folder / "elsewhere").mkdir(parents=True)
        with open(folder / "stdout", "w", encoding="utf-8") as out:
            done = subprocess.run([str(c) for c in self.commands[language]], cwd=folder, env=self.environment(folder, planted),
                                  stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0 or not (folder / LAST).exists():
            sys.exit(f"the tour in {language}: {last_line(done)}")
        return [parts_of(folder / str(number)) for number in range(4)], (folder / "stdout").stat().st_size


def parts_of(path):
    found = {}
    for section in path.read_text(encoding="utf-8", errors="replace").split("\n["):
        name, _, text = section.lstrip("[").partition("]\n")
        found[name] = text.rstrip("\n")
    return found


def changed(looks, output):
    """Parts that are not as they were, each with what became of it."""
    before, begin, after, end = looks
    found = {part: difference(begin[part], later[part]) for later in (end, after) for part in PARTS if later[part] != begin[part]}
    if after["flags"] != "0" or end["flags"] != "0":
        found["flags"] = f"raised by {end['flags']} calls"
    if threads_of(before) != threads_of(end):
        found["threads"] = f"{threads_of(before)} -> {threads_of(end)}"
    if output:
        found["output"] = f"{output} bytes"
    return found


def threads_of(look):
    return len(look["threads"].splitlines())


def difference(before, after):
    old, new = before.splitlines(), after.splitlines()
    return f"{'; '.join(sorted(set(old) - set(new)))[:100]} -> {'; '.join(sorted(set(new) - set(old)))[:100]}"


def tell(check, hosts, language, planted=""):
    looks, output = hosts.tour(language, planted)
    found, calls = changed(looks, output), int(looks[2]["calls"])
    words = "".join(f"; {part}: {what}" for part, what in found.items())
    if planted and set(found) - {"words"} != {planted} - {"words"}:  # rounding and traps are in the words of the unit, too
        sys.exit(f"guest: {planted} was changed in {language}, seen was {words or 'nothing'}")
    behind = f", where {planted} is changed" if planted else ""
    check.line(not found and calls >= LEAST_CALLS, f"parts of a host in {language} that calls change{behind}",
               f"{len(found)} of {len(ALL_PARTS)} ({calls} calls; threads: {threads_of(looks[0])}, {threads_of(looks[2])} with a "
               f"trainer open){words}", f"0, {LEAST_CALLS} calls or more")


def main():
    check = Check(__doc__)
    hosts = Hosts(check)
    for language in NEEDS:
        if language not in hosts.commands:
            check.skip(f"parts of a host in {language} that calls change", f"there is no {NEEDS[language]} here")
            continue
        for planted in ALL_PARTS if check.controls else ("",):
            tell(check, hosts, language, planted)
    check.exit()


main()
