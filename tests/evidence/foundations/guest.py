# tests/evidence/foundations/guest.py -- the library leaves its host as it found it.
# SPDX-License-Identifier: BSD-3-Clause
"""Calls every function of calanque.h, well and wrongly, in a host that is as a program begins and in one that has set
all it can: rounding, traps, denormals, locale, masks, handlers, limits and so on. Fourteen parts of the host are
looked at before and after each call. Then hosts that trap, that fork, that end with everything open, that have the
library twice, and that write numbers with a comma.

Controls: behind each call one part is changed; a header with a function more; a thread that takes signals; a division
by zero; a result in the host's arithmetic; a child that waits; a trainer that stays open; an abort; a second copy with
plugins of its own; a call of the other copy; a library without plugins; a number that is written by printf; another
seed; tests that end.
"""
import concurrent.futures
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "guest"))
from evidence import Check, failed_tests, run  # noqa: E402
import guest_runs as runs  # noqa: E402
import same_files  # noqa: E402

POSTURES = ("plain", "odd")
OTHER_HOSTS = "^(guest.*|faults)$"  # tests that make hosts of their own
ENDINGS = 20  # of each way to leave, on each device


def host_of(check, planted=""):
    return runs.Host(check.build, check.work, planted if check.controls else "")


def nothing(check, wrong, claim, measured):
    """A line whose figure is how many were wrong, of what."""
    words = f"{len(wrong)} of {measured}" + (f"; {'; '.join(wrong[:3])}" if wrong else "")
    counted = int(str(measured).split()[0]) > 0
    check.line(not wrong and counted, claim, words.replace("\n", " "), "0")


def check_functions(check, host):
    """Every function of the header was called; the control has one that nobody knows."""
    header = runs.HEADER
    if check.controls:
        header = check.work / "calanque.h"
        header.write_text(runs.HEADER.read_text(encoding="utf-8") + "CLQ_API clq_status clq_more(void);\n")
    wrong = []
    for posture in POSTURES:
        answer, problem = runs.table(host, posture)
        wrong += [problem] if problem else runs.uncalled(answer["functions"], header) + runs.misbehaviour(answer)
    nothing(check, wrong, "functions of calanque.h that are not called both well and wrongly in two hosts, or answer otherwise",
            len(runs.functions_of(header)[0]))


def check_parts(check):
    """One line a part: calls that changed it. The control changes it behind each call, and must be seen at each."""
    changed, calls = {part: [] for part in runs.PARTS}, 0
    for part in runs.PARTS if check.controls else ("",):
        host = host_of(check, part)
        for posture in POSTURES if not check.controls else POSTURES[:1]:
            answer, problem = runs.table(host, posture)
            if problem:
                sys.exit(f"guest: {problem}")
            calls += sum(row["good"] + row["bad"] for row in answer["functions"].values())
            found = runs.changes(answer)
            if check.controls:
                found = found if noticed(answer, part) else []
            for name, which, times, what in found:
                changed[which].append(f"{name} ({posture}, {times} times) {what}")
    for part in runs.PARTS:
        nothing(check, changed[part], f"{part}: functions that change it, in two hosts", f"{calls} calls")


def noticed(answer, part):
    """The plant was seen behind every call, of errno every one that did well, and nothing else was seen."""
    found = {name: times for name, which, times, _ in runs.changes(answer) if which == part}
    wanted = {name: row["good"] + (0 if part == "errno" else row["bad"]) for name, row in answer["functions"].items()}
    return found == {name: n for name, n in wanted.items() if n} and len({c[1] for c in runs.changes(answer)}) == 1


def check_threads(check):
    wrong, n = [], 0
    host = host_of(check, "threads")
    for device in runs.devices(host):
        words, threads = runs.greedy_threads(host, device)
        wrong, n = wrong + words, n + threads
    nothing(check, wrong, "threads of the library that take the host's signals", n)


def check_arithmetic(check):
    wrong, calls = [], 0
    for before in ("", "openmp"):
        answer, problem = runs.table(host_of(check, "a trap"), "traps", before)
        wrong += [problem] if problem else runs.misbehaviour(answer)
        calls += sum(row["good"] + row["bad"] for row in answer.get("functions", {}).values())
    nothing(check, wrong, "a host that traps division by zero, invalid and overflow: calls that end otherwise", calls)
    wrong, n = runs.other_bits(host_of(check, "arithmetic"))
    nothing(check, wrong, "trainings with other bits than in a plain host: in hosts that trap, round toward zero "
            "without denormals, round up, or are odd in every part, with OpenMP in use before and without", n)


def check_alarms(check):
    """The control takes the timer's signal as a program does that has no handler."""
    answer, problem = runs.table(host_of(check, "no handler"), "alarms")
    wrong = [problem] if problem else runs.misbehaviour(answer)
    calls = sum(row["good"] + row["bad"] for row in answer.get("functions", {}).values())
    nothing(check, wrong, "a host whose timer interrupts system calls: calls that end otherwise", calls)


def check_forks(check):
    host = host_of(check, "hang")
    wrong = runs.forks_while_loading(host)
    nothing(check, wrong, "fork while another thread loads the plugins: children that hang", 7)
    wrong, n = [], 0
    for device in runs.devices(host):
        words, functions = runs.old_handles(host, device)
        wrong, n = wrong + words, n + len(functions)
    nothing(check, wrong, "fork: functions that a child cannot call, or that do not refuse an old handle with "
            "CLQ_E_FORKED", n)
    wrong = [words for device in runs.devices(host) for words in runs.new_handles(host, device)]
    nothing(check, wrong, "fork after a training on all threads: trainings in a child that hang or go wrong",
            2 * len(runs.devices(host)))
    wrong = [words for device in runs.devices(host) for words in runs.busy_forks(host, device)]
    nothing(check, wrong, "fork while four other threads are in the library: children that hang or fail",
            60 * len(runs.devices(host)))
    wrong = [words for device in runs.devices(host) for words in runs.kept_lock(host, device)]
    nothing(check, wrong, "fork: run folders that a child keeps from its parent", len(runs.devices(host)))


def check_ends(check):
    host = host_of(check, "abort")
    devices, times = runs.devices(host), 1 if check.controls else ENDINGS
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(lambda device: runs.bad_ends(host, device, times), devices))
    nothing(check, [words for part in parts for words in part],
            f"ends with everything open, in {len(runs.WAYS)} ways: those that crash, hang or lose the exit code",
            len(runs.WAYS) * times * len(devices))


def check_copies(check):
    nothing(check, runs.refused_politely(host_of(check, "own plugins")),
            "a second copy of the library: what is not refused with 'already in use by', or disturbs the first", 1)
    nothing(check, runs.mixed_copies(host_of(check, "the first")),
            "a second copy of the library: calls that reach into the first", 1)
    nothing(check, runs.other_ways_to_open(host_of(check, "no plugins")),
            "hosts that open the library in a namespace, twice over, or by a relative path, and cannot train", 3)


def check_locale(check):
    host = host_of(check, "a comma")
    if not host.german:
        return check.skip("files in a host with another locale", "localedef makes no locale de_DE.UTF-8 here")
    one, point, problem = runs.files_of(host, LC_ALL="C")
    other, comma, other_problem = runs.files_of(host, **host.german)
    if problem or other_problem or (point, comma) != (".", ","):
        sys.exit(f"guest: {problem} {other_problem} {point} {comma}")
    wrong, n = same_files.differences(one, other)
    left_out = "; ".join(f"{name}: {what}" for name, what in same_files.TIMES.items())
    nothing(check, wrong, f"files that de_DE.UTF-8 changes (but for {left_out})", f"{n} files")
    check_reports(check, host, one)
    check_suite(check, host, "locale", "-E", OTHER_HOSTS)


def check_reports(check, host, folder):
    """clq report, once in each locale, of one run. The page quotes its command: both have one name, and are moved."""
    claim = "files of clq report that de_DE.UTF-8 changes"
    reports = []
    for number, variables in enumerate(({"LC_ALL": "C"}, in_locale(check, host))):
        seed = 1 + number if check.controls else 1
        done = run([check.clq, "report", "run", "--data", "table.fits", "--seed", seed, "-o", "report"],
                   cwd=folder, env=variables)
        if "matplotlib" in done.stderr and done.returncode != 0:
            return check.skip(claim, done.stderr.strip()[-200:])
        if done.returncode != 0:
            return check.line(False, claim, done.stderr.strip()[-200:], "0")
        reports.append((folder / "report").rename(folder / f"report-{number}"))
    wrong, n = same_files.differences(*reports)
    return nothing(check, wrong, claim, f"{n} files")


def in_locale(check, host, how="locale"):
    """Variables that make any program a host of this kind, by a library that is loaded first."""
    return dict(host.german if how == "locale" else {}, GUEST_HOST=how,
                LD_PRELOAD=str(check.build / "lib/calanque/guest/clq_guest_host.so"))


def check_suite(check, host, how, *which):
    """Tests once more, each in such a host. The system's words stay English, which the tests expect."""
    variables = in_locale(check, host, how) | {"LANGUAGE": "en"} | ({"GUEST_HOST": "ends"} if check.controls else {})
    done = run(["ctest", "--test-dir", check.build, *which, "-j", "2"], env=variables)
    failed, counted = failed_tests(done)
    nothing(check, failed, f"tests that fail in a host of the kind '{how}'", counted)


def main():
    check = Check(__doc__)
    check_functions(check, host_of(check))
    check_parts(check)
    check_threads(check)
    check_arithmetic(check)
    check_alarms(check)
    check_forks(check)
    check_ends(check)
    check_copies(check)
    check_suite(check, host_of(check), "traps", "-R", "^(capi_.*|cli|deepdip_photoz)$", "-E", "^capi_manners$")
    check_locale(check)
    check.exit()


if __name__ == "__main__":
    main()
