# tests/guest/guest_runs.py -- runs of the programs guest and guest_loader, and what is wrong in their answers.
# SPDX-License-Identifier: BSD-3-Clause
"""Each function gives a list of words, one an offence; none where the library leaves its host as it found it."""
import concurrent.futures
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADER = ROOT / "capi/include/calanque/calanque.h"
PARTS = ("rounding", "exceptions", "denormals", "locale", "errno", "signal mask", "signal actions", "folder", "umask",
         "environment", "descriptors", "output", "scheduling", "limits")
ARITHMETICS = ("traps", "toward_zero", "upward", "odd")
WAYS = ("return", "exit", "quick_exit", "_exit", "at_exit", "at_quick_exit", "late_close", "late_use", "thread", "thread_quick_exit",
        "from_thread")
LIMIT = 60
END = 7  # the exit code of a host that leaves
FAULTS = (4, 5, 6, 7, 8, 11)  # SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV: a thread keeps its own


class Host:
    """The programs of one build, each run in a folder of its own below `work`."""

    def __init__(self, build, work, planted=""):
        self.build = pathlib.Path(build).resolve()
        self.library = (self.build / "lib/libcalanque.so").resolve()
        self.work = pathlib.Path(work).resolve()
        self.planted = planted
        self.german = make_locale(self.work)
        self.work.chmod(0o755)  # tests run programs as another user, in this locale

    def folder(self):
        return pathlib.Path(tempfile.mkdtemp(dir=self.work))

    def start(self, program, *words, cwd=None, **environment):
        variables = {k: v for k, v in os.environ.items() if not k.startswith(("CLQ_", "GUEST_", "LC_", "LANG"))}
        variables.update(environment)
        if self.planted:
            variables["GUEST_PLANTED"] = self.planted
        command = [str(self.build / "bin" / program), *map(str, words)]
        try:
            return subprocess.run(command, capture_output=True, text=True, env=variables, cwd=cwd or self.folder(),
                                  timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, -1, "", f"no end within {LIMIT} s")

    def ask(self, program, *words, **more):
        """The answer, and what was wrong with the program itself."""
        done = self.start(program, *words, **more)
        try:
            return json.loads(done.stdout), ""
        except ValueError:
            return {}, f"{program} {words[0]}: exit {done.returncode}: {done.stderr.strip()[-300:]}"


def devices(host):
    return host.ask("guest", "devices")[0] or ["cpu_ref:0"]


def make_locale(work):
    """The variables of a host in Germany, where a number has a comma; {} where no such locale can be made."""
    path = work / "locales"
    path.mkdir(exist_ok=True)
    try:
        subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", str(path / "de_DE.UTF-8")],
                       stderr=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        return {}
    return {"LOCPATH": str(path), "LC_ALL": "de_DE.UTF-8"}


def functions_of(header):
    """Names of all functions, and of those that return no status."""
    text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.DOTALL)
    names = set(re.findall(r"\b(clq_\w+)\s*\(", text))
    return names, {name for name in names if re.search(rf"(void|const char \*)\s*{name}\s*\(", text)}


def uncalled(functions, header=HEADER):
    """Functions that were not called well, or not wrongly where they can say so."""
    names, cannot_fail = functions_of(header)
    wrong = [f"{name} is not called" for name in sorted(names - set(functions))]
    wrong += [f"{name} is not in the header" for name in sorted(set(functions) - names)]
    for name in sorted(names & set(functions)):
        row = functions[name]
        if row["good"] == 0 or (row["bad"] == 0 and name not in cannot_fail):
            wrong.append(f"{name} is called {row['good']} times well and {row['bad']} wrongly")
    return wrong


def table(host, posture, before=""):
    """Of each function what it changed in a host of this posture; `before`: openmp, it has used that itself."""
    more = dict(host.german, LC_ALL="C") if host.german else {}
    return host.ask("guest", "table", posture, host.folder(), before, **more)


def changes(answer):
    """(function, part, times, what) of each part that a function changed."""
    return [(name, part, *row["parts"][part]) for name, row in answer.get("functions", {}).items() for part in PARTS
            if row["parts"][part][0] > 0]


def misbehaviour(answer):
    """What is wrong beside the parts."""
    wrong = list(answer.get("unexpected", []))
    return wrong + ([f"open at the end: {answer['left_open']}"] if answer.get("left_open") else [])


def other_bits(host):
    """Hosts with an arithmetic of their own, and with OpenMP in use, whose trainings leave other bits."""
    more = dict(host.german, LC_ALL="C") if host.german else {}
    plain, problem = host.ask("guest", "answers", "plain", **more)
    wrong = [problem] if problem else []
    hosts = list(itertools.product(ARITHMETICS, ("", "openmp")))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        all_answers = list(pool.map(lambda how: host.ask("guest", "answers", *how, **more), hosts))
    for how, (answer, problem) in zip(hosts, all_answers):
        differ = [what for what in plain if answer.get(what) != plain[what]]
        if problem or differ or not plain:
            wrong.append(" ".join(how).strip() + ": " + (problem or f"other bits: {', '.join(differ)}"))
    return wrong, len(hosts)


def old_handles(host, device):
    answer, problem = host.ask("guest", "fork", "old", device, host.folder())
    if problem:
        return [problem], {}
    child = answer["child"]
    if child["hangs"] or not child["ended"]:
        return [f"{device}: the child {'hangs' if child['hangs'] else 'crashes'} in {child['in']}"], {}
    try:
        said = json.loads(child["words"])
    except ValueError:
        return [f"{device}: the child says {child['words'][:300]}"], {}
    wrong = [f"{device}: {words}" for words in said["unexpected"]]
    return wrong + ([] if answer["parent goes on"] else [f"{device}: the parent is disturbed"]), said["functions"]


def new_handles(host, device):
    answer, problem = host.ask("guest", "fork", "new", device, host.folder())
    wrong = [problem] if problem else []
    for network, child in answer.items():
        if child["hangs"]:
            wrong.append(f"{device}, {network}: the child hangs")
        elif child["words"] != "same" and not (device.startswith("cpu_onednn") and "before fork()" in child["words"]):
            wrong.append(f"{device}, {network}: the child says '{child['words'][:200]}', ended {child['ended']}")
        if not child["parent goes on"]:
            wrong.append(f"{device}, {network}: the parent is disturbed")
    return wrong


def busy_forks(host, device):
    answer, problem = host.ask("guest", "fork", "busy", device, host.folder())
    if problem:
        return [problem]
    return [f"{device}: a child {'hangs in ' + child['in'] if child['hangs'] else 'says ' + child['words'][:200]}"
            for child in answer["wrong"]]


def forks_while_loading(host):
    answer, problem = host.ask("guest", "fork", "loading", "", "")
    if problem:
        return [problem]
    return [f"plugins are being loaded: a child {'hangs in ' + child['in'] if child['hangs'] else 'says ' + str(child)}"
            for child in answer]


def kept_lock(host, device):
    answer, problem = host.ask("guest", "fork", "lock", device, host.folder())
    if problem:
        return [problem]
    return [] if answer["resumed"] else [f"{device}: a child that lives keeps the run folder: {answer['words']}"]


def bad_ends(host, device, times):
    """Ways to leave, each so many times, that end otherwise than the host says."""
    wrong = []
    for how in WAYS:
        for _ in range(times):
            folder = host.folder()
            done = host.start("guest", "leave", how, device, folder)
            shutil.rmtree(folder)
            if done.returncode != END or done.stderr:
                wrong.append(f"{device}, {how}: exit {done.returncode} {done.stderr.strip()[-200:]}")
    return wrong


def greedy_threads(host, device):
    """Threads of the library that take a signal which is none of their own faults."""
    answer, problem = host.ask("guest", "threads", device)
    all_signals = (1 << 64) - 1
    left_alone = sum(1 << number - 1 for number in (*FAULTS, 9, 19, 32, 33))
    wrong = [problem] if problem else []
    for thread in answer:
        open_to = all_signals & ~int(thread["blocks"], 16) & ~left_alone
        if open_to:
            wrong.append(f"{device}: thread '{thread['name']}' takes {open_to.bit_count()} signals")
    return wrong, len(answer)


def copy_of(host, with_plugins):
    """Another file with the same library; its plugins are those of the first, or copies beside it."""
    folder = host.folder()
    copy = folder / "libanother.so"
    shutil.copy(host.library, copy)
    if with_plugins:
        shutil.copytree(host.library.parent / "calanque", folder / "calanque")
    return copy


def refused_politely(host):
    """A second copy of the library in one process: its plugins are in use, it says so, and the first goes on."""
    copy = copy_of(host, with_plugins=bool(host.planted))
    answer, problem = host.ask("guest_loader", "twice", host.library, copy,
                               CLQ_PLUGIN_PATH="" if host.planted else host.library.parent / "calanque/plugins")
    if problem:
        return [problem]
    wrong = [f"{pathlib.Path(entry['file']).name}: '{entry['problem']}'" for entry in answer["second report"]
             if "already in use by" not in entry["problem"]]
    if not answer["second report"] or answer["second devices"]:
        wrong.append(f"the second has devices: {answer['second devices']}")
    if answer["second"]["status"] >= 0 or "in use" not in answer["second"]["words"] + str(answer["second report"]):
        wrong.append(f"the second trains: {answer['second']}")
    if answer["first again"] != answer["first"] or answer["first"]["status"] < 0:
        wrong.append(f"the first is disturbed: {answer['first again']}")
    return wrong


def mixed_copies(host):
    """Calls of one copy that reach into the other."""
    copy = copy_of(host, with_plugins=False)
    answer, problem = host.ask("guest_loader", "twice", host.library, copy,
                               CLQ_PLUGIN_PATH=host.library.parent / "calanque/plugins")
    said = answer.get("second inside", "")
    return [problem] if problem else [] if "/nowhere/table.csv" in said else [f"clq_source_for_model says '{said}'"]


def other_ways_to_open(host):
    """In a namespace of its own, closed and opened again, by a path that has changed its meaning."""
    wrong = []
    file = copy_of(host, with_plugins=False) if host.planted else host.library
    for mode in ("namespace", "again", "elsewhere"):
        answer, problem = host.ask("guest_loader", mode, file, copy_of(host, with_plugins=True))
        results = [answer.get(key) for key in ("first", "second", "first again") if key in answer]
        if problem or any(result["status"] < 0 or result != results[0] for result in results):
            words = problem or "; ".join(result["words"] for result in results if result["words"])
            refusals = {entry["problem"] for entry in answer.get("report", []) if entry["problem"]}
            wrong.append(f"{mode}: {words or results} {sorted(refusals) or ''}")
    return wrong


def files_of(host, **environment):
    """The folder with every kind of file, and the decimal point of the host that had it written."""
    folder = host.folder()
    answer, problem = host.ask("guest", "files", cwd=folder, **environment)
    return folder, answer.get("decimal point", ""), problem
