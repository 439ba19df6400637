# tests/evil/places_test.py -- places of plugins that cannot be used, and what each command says of them.
# SPDX-License-Identifier: BSD-3-Clause
"""places_test.py CLQ PLUGIN CRASHES"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

NOBODY = 65534


class Place:
    """A folder with the plugin in it, and the commands run beside it."""

    def __init__(self, clq, plugin, crashes, folder):
        self.clq, self.plugin, self.crashes, self.folder = clq, plugin, crashes, folder
        self.wrong = []

    def make(self, name, mode=0o755, plugin="clq_evil.so"):
        path = os.path.join(self.folder, name)
        os.mkdir(path)
        if plugin:
            shutil.copy(self.plugin, os.path.join(path, plugin))
        os.chmod(path, mode)
        return path

    def run(self, *arguments, **more):
        environment = dict(os.environ, CLQ_EVIL="nothing", CLQ_PLUGIN_PATH="", ASAN_OPTIONS="detect_leaks=0:handle_segv=0",
                           TSAN_OPTIONS="handle_segv=0")
        environment.update(more.pop("environment", {}))
        done = subprocess.run([self.clq, *arguments], env=environment, capture_output=True, text=True, timeout=100,
                              check=False, cwd=more.pop("cwd", self.folder), **more)
        return done.returncode, done.stdout, done.stderr

    def says(self, words, code, *arguments, absent="", **more):
        """The exit code, and words among what is printed."""
        got, out, err = self.run(*arguments, **more)
        text = out + err
        if got != code or not re.search(words, text, re.M) or (absent and re.search(absent, text, re.M)):
            self.wrong.append(f"clq {' '.join(arguments)}: exit {got}, {code} with '{words}' would be right:\n{text}")


ENDS = "ends the process|exit code"


def open_to_all(place):
    for name, mode in (("all", 0o777), ("sticky", 0o1777)):
        path = place.make(name, mode)
        words = rf"{path}: the folder is writable by everyone \(chmod o-w {path}\)"
        for command in ("plugins", "devices"):
            place.says(words, 2, "--plugins", path, command, absent=ENDS)
        place.says(words, 2, "validate", path, absent=ENDS)
        refused = rf"refused: the folder is writable by everyone \(chmod o-w {path}\)"
        place.says(refused, 0, "--plugins", path, "doctor", absent=ENDS)
        place.says(refused, 0, "plugins", environment={"CLQ_PLUGIN_PATH": path}, absent=ENDS)


def without_entry(place):
    """A folder that this user may not read: tried as nobody where that can be."""
    path = place.make("closed", 0o700)
    os.chmod(place.folder, 0o755)
    if os.geteuid() != 0:
        return os.chmod(path, 0)
    place.says(f"{path}: Permission denied", 2, "--plugins", path, "plugins", absent=ENDS, user=NOBODY)
    place.says("refused: Permission denied", 0, "plugins", environment={"CLQ_PLUGIN_PATH": path}, absent=ENDS, user=NOBODY)


def folders_as_files(place):
    path = place.make("odd")
    os.mkdir(os.path.join(path, "clq_dir.so"))
    place.says("^    refused: it is a folder, a plugin is a file", 0, "--plugins", path, "plugins", absent=ENDS)
    place.says("odd: it is a folder, a plugin is a file", 2, "validate", path, absent=ENDS)
    os.symlink("clq_round.so", os.path.join(path, "clq_round.so"))
    place.says("clq_round.so\\s+refused: Too many levels", 0, "--plugins", path, "plugins", absent=ENDS)


def of_another(place):
    """A file is named with its owner, whatever becomes of it."""
    if os.geteuid() != 0:
        return
    path = place.make("given")
    os.chown(os.path.join(path, "clq_evil.so"), 54321, 54321)
    place.says("clq_evil.so org.calanque.evil 6.6.6\n    owner uid 54321$", 0, "--plugins", path, "plugins")


def beside_a_crash(place):
    """What cannot be asked all together is compared one by one."""
    path = place.make("twice", plugin="clq_a.so")
    shutil.copy(place.plugin, os.path.join(path, "clq_b.so"))
    crash = os.path.join(path, "clq_z.so")
    shutil.copy(place.crashes, crash)
    said = r"clq_b.so org.calanque.evil 6.6.6\n    refused: org.calanque.evil is already loaded from \S+clq_a.so$"
    place.says(said, 0, "--plugins", path, "plugins")
    place.says("signal 11", 0, "--plugins", path, "plugins")
    os.remove(crash)
    place.says(said, 0, "--plugins", path, "plugins")


def without_plugins(place):
    path = place.make("misnamed", plugin="libmy.so")
    for name in ("clq-my.so", "clq_my.so.1"):
        shutil.copy(place.plugin, os.path.join(path, name))
    words = "^warning: .*misnamed has no plugins: it holds no clq_\\*.so$"
    for command in ("plugins", "devices", "doctor"):
        place.says(words, 0, "--plugins", path, command)
    path = place.make("useless")
    words = "^warning: .*clq_evil.so is not used: no licence on this machine$"
    place.says(words, 0, "--plugins", path, "devices", environment={"CLQ_EVIL": "init_fails"})
    place.says(words, 2, "--plugins", path, "train", "none.toml", "-o", "a", environment={"CLQ_EVIL": "init_fails"})


def odd_words(place):
    """A variable of run files is none of the plugins' faults; a folder that is gone is said in words."""
    epoch = {"CLQ_TRAIN_EPOCH": "3"}
    place.says("^threads      not known: .*CLQ_TRAIN_EPOCH.* unknown, did you mean", 0, "doctor", environment=epoch,
               absent="all together|not asked")
    place.says("^device       cpu_ref:0", 0, "doctor", environment=epoch)
    place.says("backend", 0, "plugins", environment=epoch, absent="all together")
    place.says("the path is empty", 2, "--plugins", "", "plugins")
    gone = place.make("gone", plugin="")
    away = ["sh", "-c", f"cd {gone} && rmdir {gone} && exec {place.clq} --plugins . plugins"]
    done = subprocess.run(away, capture_output=True, text=True, timeout=100, check=False)
    if done.returncode != 2 or "clq: .: the current folder cannot be found" not in done.stderr:
        place.wrong.append(f"in a folder that is gone: exit {done.returncode}, {done.stderr}")


def main():
    clq, plugin, crashes = (os.path.abspath(path) for path in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        place = Place(clq, plugin, crashes, folder)
        for check in (open_to_all, without_entry, folders_as_files, of_another, beside_a_crash, without_plugins, odd_words):
            check(place)
    print(*place.wrong, f"{len(place.wrong)} wrong", sep="\n")
    sys.exit(1 if place.wrong else 0)


main()
