# tests/evil/stop_test.py -- a training that is asked to stop does so, whatever its source is in and whenever it is asked.
# SPDX-License-Identifier: BSD-3-Clause
"""stop_test.py CLQ SOURCE"""
import os
import signal
import subprocess
import sys
import tempfile
import time

RUN = """task = "regression"
[data]
catalog = "evil://rows"
scalars = ["sigma"]
target = "z"
{where}
[split]
valid = 0.0
[[model.layer]]
use = "dense"
[train]
epochs = 1000000
batch = 100
[output]
tensorboard = false
"""
LIMIT = 20  # seconds in which any of them ends; a stop itself takes a moment, and readers that wait have five seconds


class Training:
    """clq at work in a folder of its own; `how` of the source, `ignored` signals from its start on."""

    def __init__(self, clq, plugin, folder, how="", resume=False, where="", ignored=()):
        run_file = os.path.join(folder, "run.toml")
        self.run = os.path.join(folder, "run")
        self.errors = os.path.join(folder, "errors")
        with open(run_file, "w", encoding="utf-8") as out:
            out.write(RUN.format(where=where))
        arguments = ["resume", self.run] if resume else ["train", run_file, "-o", self.run]

        def set_signals():
            for number in range(1, 32):
                if number not in (signal.SIGKILL, signal.SIGSTOP):
                    signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)

        with open(self.errors, "wb") as errors:
            self.process = subprocess.Popen([clq, "--plugins", plugin, *arguments], stderr=errors,
                                            stdout=subprocess.DEVNULL, preexec_fn=set_signals,
                                            env=dict(os.environ, CLQ_EVIL=how))

    def wait_for(self, name, seconds):
        """The file of the run folder, then so many seconds."""
        end = time.monotonic() + LIMIT
        while not os.path.exists(os.path.join(self.run, name)) and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(seconds)

    def ask(self, number):
        """Its exit code, and how long it took to end."""
        begin = time.monotonic()
        self.process.send_signal(number)
        try:
            return self.process.wait(LIMIT), time.monotonic() - begin
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait(), LIMIT

    def words(self):
        with open(self.errors, encoding="utf-8") as text:
            return text.read()

    def has_checkpoint(self):
        return os.path.exists(os.path.join(self.run, "checkpoints", "last.safetensors"))


class Checks:
    def __init__(self, clq, plugin):
        self.clq, self.plugin, self.wrong = clq, plugin, []

    def start(self, folder, **options):
        return Training(self.clq, self.plugin, folder, **options)

    def expect(self, what, training, number, code, words, most):
        got, seconds = training.ask(number)
        right = got == code and words in training.words() and seconds < most
        print(f"{'ok' if right else 'WRONG':6} {what}: exit {got} after {seconds:.1f} s")
        if not right:
            self.wrong.append(f"{what}: exit {got}, wanted {code} and '{words}' within {most} s: {training.words()}")

    def check(self, what, holds):
        if not holds:
            self.wrong.append(what)

    def steps_are_kept(self):
        """One row is never read: the reader is in a call that does not end, and the steps before it are done."""
        with tempfile.TemporaryDirectory() as folder:
            t = self.start(folder, how="source_last_row_hangs")
            t.wait_for("run.toml", 1)
            self.expect("a reader that hangs", t, signal.SIGTERM, 75, "stopped at step ", 12)
            self.check("no checkpoint of the steps before a reader that hangs", t.has_checkpoint())
            t = self.start(folder, how="source_read_hangs", resume=True)
            time.sleep(1)
            self.expect("a resumption that reads", t, signal.SIGTERM, 75, "the checkpoint is as it was", 3)
            t = self.start(folder, resume=True)
            time.sleep(1)
            self.expect("what was kept goes on", t, signal.SIGTERM, 75, "stopped at step ", 12)

    def start_is_left(self, number):
        """`where` reads the data before there is anything to keep."""
        with tempfile.TemporaryDirectory() as folder:
            t = self.start(folder, how="source_read_hangs", where='where = "z > 0"')
            t.wait_for("checkpoints", 0.3)
            what = f"{signal.Signals(number).name} at the start"
            self.expect(what, t, number, 128 + number, "clq: stopped before the first step", 3)
            self.check(f"{what} leaves {os.listdir(folder)}", not os.path.exists(t.run))

    def step_is_stopped(self, number):
        with tempfile.TemporaryDirectory() as folder:
            t = self.start(folder)
            t.wait_for("run.toml", 0.5)
            what = f"{signal.Signals(number).name} in a training"
            self.expect(what, t, number, 75, "stopped at step ", 12)
            self.check(f"{what}: no checkpoint", t.has_checkpoint())

    def ignored_stays_ignored(self, number):
        """As under nohup."""
        with tempfile.TemporaryDirectory() as folder:
            t = self.start(folder, ignored=(number,))
            t.wait_for("run.toml", 0.3)
            t.process.send_signal(number)
            time.sleep(1)
            what = f"{signal.Signals(number).name} ignored"
            self.check(f"{what}: it ended", t.process.poll() is None)
            self.expect(what, t, signal.SIGTERM, 75, "stopped at step ", 12)


def main():
    checks = Checks(*(os.path.abspath(path) for path in sys.argv[1:]))
    checks.steps_are_kept()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        checks.start_is_left(number)
    for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGINT, signal.SIGHUP, signal.SIGUSR2, signal.SIGXCPU):
        checks.step_is_stopped(number)
    for number in (signal.SIGHUP, signal.SIGUSR2, signal.SIGXCPU):
        checks.ignored_stays_ignored(number)
    print(f"{len(checks.wrong)} wrong", *checks.wrong, sep="\n")
    sys.exit(1 if checks.wrong else 0)


main()
