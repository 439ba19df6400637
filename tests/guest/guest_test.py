# tests/guest/guest_test.py -- the library is a good guest: one check of it.
# SPDX-License-Identifier: BSD-3-Clause
"""guest_test.py NAME BUILD"""
import sys
import tempfile

import guest_runs as runs
import same_files

SKIPPED = 77


def guest(host):
    """Every function of the header, in a host that is as it began and in one that has set all it can."""
    wrong = []
    for posture in ("plain", "odd"):
        answer, problem = runs.table(host, posture)
        wrong += [problem] if problem else runs.uncalled(answer["functions"]) + runs.misbehaviour(answer)
        wrong += [f"{posture}: {name} changes the {part}: {what} ({times} times)"
                  for name, part, times, what in runs.changes(answer)]
    answer, problem = runs.table(host, "alarms")
    wrong += [problem] if problem else runs.misbehaviour(answer)
    for device in runs.devices(host):
        wrong += runs.greedy_threads(host, device)[0]
    return wrong


def guest_traps(host):
    wrong = []
    for before in ("", "openmp"):
        answer, problem = runs.table(host, "traps", before)
        wrong += [problem] if problem else runs.misbehaviour(answer)
    return wrong + runs.other_bits(host)[0]


def guest_fork(host):
    wrong = runs.forks_while_loading(host)
    for device in runs.devices(host):
        wrong += runs.old_handles(host, device)[0] + runs.new_handles(host, device)
        wrong += runs.busy_forks(host, device) + runs.kept_lock(host, device)
    return wrong


def guest_exit(host):
    return [words for device in runs.devices(host) for words in runs.bad_ends(host, device, 2)]


def guest_twice(host):
    return runs.refused_politely(host) + runs.mixed_copies(host) + runs.other_ways_to_open(host)


def guest_locale(host):
    if not host.german:
        print("localedef makes no locale de_DE.UTF-8 here")
        sys.exit(SKIPPED)
    one, point, problem = runs.files_of(host, LC_ALL="C")
    other, comma, other_problem = runs.files_of(host, **host.german)
    wrong = [words for words in (problem, other_problem) if words]
    if (point, comma) != (".", ","):
        wrong.append(f"the hosts write '{point}' and '{comma}' between whole and part")
    return wrong + [f"{name} differs" for name in same_files.differences(one, other)[0]]


def main():
    all_checks = (guest, guest_traps, guest_fork, guest_exit, guest_twice, guest_locale)
    checks = {check.__name__: check for check in all_checks}
    with tempfile.TemporaryDirectory(prefix="calanque-guest-") as work:
        wrong = checks[sys.argv[1]](runs.Host(sys.argv[2], work))
    print("\n".join(wrong) or "nothing is wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
