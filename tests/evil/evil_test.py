# tests/evil/evil_test.py -- whatever a plugin does while it is loaded, clq plugins says so and ends well.
# SPDX-License-Identifier: BSD-3-Clause
"""evil_test.py CLQ PLUGIN"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import time

from switches import RETURNS

ENDS = {  # these end the process that loads them
    "opening_crashes": r"signal 11 \(",
    "opening_exits": "exit code 9",
    "entry_elsewhere": r"signal 11 \(",
    "init_crashes": r"signal 11 \(",
    "init_divides": r"signal 8 \(",
    "init_aborts": r"signal 6 \(",
    "init_exits": "exit code 0",
    "init_leaves": "exit code 3",
    "init_kills": r"signal 15 \(",
    "init_overflows": r"signal 11 \(",
    "init_forks": "exit code 0",
    "factory_crashes": r"signal 4 \(",
    "table_elsewhere": r"signal 11 \(",
    "deinit_crashes": r"signal 7 \(",
    "exit_crashes": r"signal 11 \(",
}
LIMIT = 4  # seconds that a plugin has
HANGS = {how: f"within {LIMIT} seconds" for how in ("opening_hangs", "init_hangs", "init_spins", "init_closes_output",
                                                    "init_leaves_its_group", "exit_hangs")}
HARMLESS = ("nothing", "prints", "init_starts_a_daemon", "entry_with_controls", "entry_not_utf8")
# What a sanitizer would make of them is another end.
SIGNALS = ("segv", "abort", "sigbus", "sigill", "sigfpe")
PLAIN_SIGNALS = ":".join(["detect_leaks=0", *(f"handle_{name}=0" for name in SIGNALS)])
UNSEEN = {"ASAN_OPTIONS": PLAIN_SIGNALS, "TSAN_OPTIONS": f"{os.environ.get('TSAN_OPTIONS', '')}:{PLAIN_SIGNALS}"}


def report(clq, plugin, how):
    """The plugin's entry in the report of clq plugins, and what was wrong with the program itself."""
    environment = dict(os.environ, CLQ_EVIL=how, CLQ_PLUGIN_PATH=os.path.dirname(plugin), **UNSEEN)
    start = time.monotonic()
    done = subprocess.run([clq, "plugins", "--json", "--limit", str(LIMIT)], env=environment, capture_output=True,
                          text=True, timeout=60, check=False)
    if done.returncode != 0 or time.monotonic() - start > 3 * LIMIT:
        return {}, f"exit {done.returncode} after {time.monotonic() - start:.0f} s: {done.stderr.strip()[:200]}"
    entries = [entry for entry in json.loads(done.stdout) if os.path.samefile(entry["file"], plugin)]
    return (entries[0], "") if len(entries) == 1 else ({}, f"{len(entries)} entries of the plugin")


def printed(clq, how, place, folder=None):
    environment = dict(os.environ, CLQ_EVIL=how, CLQ_PLUGIN_PATH=place, **UNSEEN)
    done = subprocess.run([clq, "plugins"], env=environment, capture_output=True, cwd=folder, timeout=60, check=False)
    return done.stdout.decode("utf-8", "strict")


def forges(clq, plugin):
    text = printed(clq, "entry_with_controls", os.path.dirname(plugin))
    return "\x1b" in text or any(line.startswith("clq_forged.so") for line in text.splitlines())


def opens_relative(clq, plugin):
    """An entry of the path that is not absolute is refused, and never opened from the current folder."""
    text = printed(clq, "init_kills", os.path.basename(plugin), os.path.dirname(plugin))
    return "signal" in text or "absolute paths only" not in text


def main():
    clq, plugin = (os.path.abspath(path) for path in sys.argv[1:])
    wrong = []
    with concurrent.futures.ThreadPoolExecutor(4) as pool:  # those that hang only wait
        cases = [(how, words, fatal) for some, fatal in ((HANGS, True), (RETURNS, False), (ENDS, True))
                 for how, words in some.items()]
        answers = list(pool.map(lambda case: report(clq, plugin, case[0]), cases))
    for (how, words, fatal), (entry, problem) in zip(cases, answers):
        if not problem and not re.search(words, entry["problem"]):
            problem = f"'{entry['problem']}' does not say {words}"
        if not problem and entry.get("fatal", False) != fatal:
            problem = f"fatal is {entry.get('fatal', False)}"
        print(f"{'ok' if not problem else 'WRONG':6} {how}: {problem or entry['problem']}")
        wrong += [how] if problem else []
    for how in HARMLESS:
        entry, problem = report(clq, plugin, how)
        if problem or entry["problem"]:
            wrong.append(f"{how}: {problem or entry['problem']}")
    wrong += [] if not forges(clq, plugin) else ["entry_with_controls: a terminal would obey it"]
    wrong += [] if not opens_relative(clq, plugin) else ["a relative CLQ_PLUGIN_PATH was opened"]
    print(f"{len(RETURNS) + len(ENDS) + len(HANGS)} switches, {len(wrong)} wrong {wrong}; {len(HARMLESS)} that are harmless")
    sys.exit(1 if wrong else 0)


main()
