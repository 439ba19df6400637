# tests/validate/validate_test.py -- the plugins of this build pass clq validate, which says so and how.
# SPDX-License-Identifier: BSD-3-Clause
"""validate_test.py CLQ PLUGIN[=URI]..."""
import json
import subprocess
import sys


def validate(clq, *arguments):
    return subprocess.run([clq, "validate", *arguments], capture_output=True, text=True, timeout=500, check=False)


def problems_of(clq, plugin, uri):
    more = ["--data", uri] if uri else []
    done = validate(clq, plugin, "--json", "--jobs", "2", *more)
    if done.returncode not in (0, 1):
        return [f"exit {done.returncode}: {done.stderr.strip()}"]
    report = json.loads(done.stdout)
    print(f"{plugin}: {report['passed']} of {len(report['cases'])} cases passed, {report['unsupported']} unsupported")
    bad = [f"{c['name']} {c['result']}: {c['problems']}" for c in report["cases"]
           if c["result"] not in ("passed", "unsupported")]
    refused = [f"{c['name']} is unsupported: {c['notes'].get('reason')}" for c in report["cases"]
               if c["result"] == "unsupported"]
    if refused:  # these plugins take every case
        return bad + refused
    return bad if (done.returncode == 1) == bool(bad) else bad + [f"exit {done.returncode}"]


def manners(clq, plugin):
    """What the program answers to what it cannot do."""
    for arguments, code, words in ((["/nowhere/clq_none.so"], 2, "No such file"), ([sys.argv[0]], 2, "clq: "),
                                   ([plugin, "--only", "nothing."], 2, "--list names them"),
                                   ([plugin, "--limit", "0"], 2, "--limit")):
        done = validate(clq, *arguments)
        if done.returncode != code or words not in done.stderr or len(done.stderr.strip().splitlines()) != 1:
            yield f"{arguments}: exit {done.returncode}, {done.stderr.strip()}"
    listed = validate(clq, plugin, "--list")
    if listed.returncode != 0 or len(listed.stdout.splitlines()) < 10:
        yield f"--list: exit {listed.returncode}, {listed.stdout[:200]}"


def main():
    clq, *plugins = sys.argv[1:]
    bad = list(manners(clq, plugins[0]))
    for plugin in plugins:
        file, _, uri = plugin.partition("=")
        bad += problems_of(clq, file, uri)
    for line in bad:
        print("WRONG", line)
    sys.exit(1 if bad else 0)


main()
