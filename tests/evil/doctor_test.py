# tests/evil/doctor_test.py -- clq doctor: the machine and the installation on one page, also beside a plugin that is refused or crashes.
# SPDX-License-Identifier: BSD-3-Clause
"""doctor_test.py CLQ PLUGIN"""
import json
import os
import re
import subprocess
import sys
import tempfile

KEYS = {"version": str, "abi": str, "system": dict, "cpu": dict, "memory": dict, "disk": dict, "environment": dict,
        "compute": dict, "plugins": list, "devices": list}
LINES = (r"calanque     \d+\.\d+\.\d+, plugin ABI \d+\.\d+", r"cpu          .+: \d+ cores", r"memory       .+ available",
         r"disk         .+ free, writes .+ a second, reads .+", r"threads      \d+ compute and \d+ read",
         r"environment  CLQ_EVIL=init_fails", r"device       cpu_ref:0 \(cpu\)",
         r"\S+/clq_evil\S*\.so org.calanque.evil 6.6.6", r"    refused: no licence on this machine")


def doctor(clq, plugin, how, *arguments):
    environment = dict(os.environ, CLQ_EVIL=how, CLQ_PLUGIN_PATH=os.path.dirname(plugin), CLQ_COMPUTE_THREADS="3",
                       ASAN_OPTIONS="detect_leaks=0:handle_segv=0", TSAN_OPTIONS="handle_segv=0")
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run([clq, "doctor", folder, "--limit", "20", *arguments], env=environment, capture_output=True,
                              text=True, timeout=100, check=False)


def check_page(clq, plugin, wrong):
    done = doctor(clq, plugin, "init_fails")
    if done.returncode != 0 or done.stderr:
        wrong.append(f"exit {done.returncode}: {done.stderr}")
    wrong += [f"no line '{line}' in\n{done.stdout}" for line in LINES if not re.search("^" + line, done.stdout, re.M)]


def check_json(clq, plugin, wrong):
    done = doctor(clq, plugin, "init_fails", "--json")
    facts = json.loads(done.stdout) if done.returncode == 0 else {}
    wrong += [f"--json has no {key}" for key, kind in KEYS.items() if not isinstance(facts.get(key), kind)]
    if wrong:
        return
    for table, keys in (("cpu", ("cores", "instructions")), ("memory", ("total", "available")),
                        ("disk", ("free", "write", "read")), ("compute", ("threads", "readers"))):
        wrong += [f"--json has no {table}.{key}" for key in keys if not facts[table].get(key)]
    evil = [entry for entry in facts["plugins"] if os.path.samefile(entry["file"], plugin)]
    if [entry["problem"] for entry in evil] != ["no licence on this machine"] or evil[0]["in_use"]:
        wrong.append(f"--json says of the plugin {evil}")


def check_crash(clq, plugin, wrong):
    done = doctor(clq, plugin, "init_crashes", "--json")
    facts = json.loads(done.stdout) if done.returncode == 0 else {}
    evil = [entry for entry in facts.get("plugins", []) if os.path.samefile(entry["file"], plugin)]
    if len(evil) != 1 or "signal 11" not in evil[0]["problem"]:
        wrong.append(f"of a plugin that crashes --json says {evil}")
    if facts.get("devices") is not None or facts.get("compute") is not None or "move it away" not in facts.get("problem", ""):
        wrong.append(f"beside a plugin that crashes devices were asked: {facts.get('problem')}")
    page = doctor(clq, plugin, "init_crashes").stdout
    if not re.search("^device       not asked: a plugin ends the process", page, re.M):
        wrong.append(f"the page does not say why no device is listed:\n{page}")


def main():
    clq, plugin = (os.path.abspath(path) for path in sys.argv[1:])
    wrong = []
    for check in (check_page, check_json, check_crash):
        check(clq, plugin, wrong)
    print(*wrong, f"{len(wrong)} wrong", sep="\n")
    sys.exit(1 if wrong else 0)


main()
