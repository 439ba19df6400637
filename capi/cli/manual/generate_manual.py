# capi/cli/manual/generate_manual.py -- the manual page of clq and what completes its command line, made of its help.
# SPDX-License-Identifier: BSD-3-Clause
"""generate_manual.py CLQ [--check]

Writes clq.1, clq.bash and _clq beside this script: options as the program CLQ tells them, exit codes of docs/errors.md, keys of
docs/run-file.md. --check writes nothing and exits 1 naming each file that would be another.
"""
import argparse
import re
import sys
from pathlib import Path

import cli_help
import completion

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]

ENVIRONMENT = (
    ("CLQ_PLUGIN_PATH", "Files and folders of plugins, separated by colons, looked at before those of the installation."),
    ("CLQ_MODEL_PATH", "Folders of model files, separated by colons, looked at before those of the installation."),
    ("CLQ_PYTHON", "The Python that draws the figures of `clq report`."),
    ("CLQ_TRAIN_EPOCHS, CLQ_TRAIN_OPTIMIZER_LR, ...",
     "A value of the run file, here train.epochs and train.optimizer.lr. The command line comes before it, the file after it."),
)
EXAMPLE = """\
clq train run.toml train.epochs=40 \\-o runs/a
clq evaluate runs/a/model.safetensors test.fits
clq predict runs/a/model.safetensors new.fits \\-o redshifts.fits
"""


def roff(text):
    """Text for a page: nothing in it is a request or an escape."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text)


def bold(flags):
    return ", ".join(f"\\fB{roff(flag)}\\fR" for flag in flags)


def item(entry):
    value = f" \\fI{roff(entry.value)}\\fR" if entry.value and entry.value != entry.flags[0] else ""
    return f".TP\n{bold(entry.flags)}{value}\n{roff(entry.words)}\n"


def exit_codes():
    text = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    table = text.split("## Exit codes of clq", 1)[1].split("\n\n", 1)[0]
    rows = re.findall(r"^\| (\d[^|]*?) \| (.*?) \|", table, re.M)
    if len(rows) < 8:
        raise ValueError("docs/errors.md has no table of exit codes")
    return [(code, words.replace("`", "")) for code, words in rows]


def page(program, commands, version):
    out = '.\\" made by capi/cli/manual/generate_manual.py of the help of clq\n'
    out += f'.TH CLQ 1 "" "Calanque {version}" "User Commands"\n'
    out += ".SH NAME\nclq \\- train and run networks on astronomical data\n"
    out += ".SH SYNOPSIS\n" + "".join(f".B {roff(c.usage)}\n.br\n" for c in commands)
    out += ".SH OPTIONS OF EVERY COMMAND\nThey stand before the command.\n" + "".join(map(item, program.options))
    out += ".SH COMMANDS\n"
    for command in commands:
        words = command.words.split(": ", 1)[0]
        out += f".SS clq {command.name}\n{roff(words[0].upper() + words[1:])}.\n"
        out += "".join(item(e) for e in command.positionals + command.options if "--help" not in e.flags)
    out += ".SH EXIT STATUS\n" + "".join(f".TP\n.B {roff(code)}\n{roff(words)}\n" for code, words in exit_codes())
    out += ".SH ENVIRONMENT\n" + "".join(f".TP\n.B {roff(name)}\n{roff(words)}\n" for name, words in ENVIRONMENT)
    return out + f".SH EXAMPLES\n.nf\n{EXAMPLE}.fi\n.SH SEE ALSO\nThe run file, the statuses and the C API have their documents in share/doc/calanque.\n"


def keys():
    """The keys of a run file that a command line may set."""
    text = (ROOT / "docs/run-file.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| `((?:data|split|train|compute|predict|output|model)\.[\w.]+|task)` \|", text, re.M)
    if "train.epochs" not in found:
        raise ValueError("docs/run-file.md has no table of keys")
    return found


def texts(clq):
    program, commands = cli_help.read(clq)
    return {"clq.1": page(program, commands, cli_help.version(clq)),
            "clq.bash": completion.bash(program, commands, keys()),
            "_clq": completion.zsh(program, commands, keys())}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clq")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    made = texts(arguments.clq)
    stale = [name for name, text in made.items()
             if not (HERE / name).exists() or (HERE / name).read_text(encoding="utf-8") != text]
    for name in stale:
        if arguments.check:
            print(f"capi/cli/manual/{name} is not what generate_manual.py makes")
        else:
            (HERE / name).write_text(made[name], encoding="utf-8")
    sys.exit(1 if arguments.check and stale else 0)


if __name__ == "__main__":
    main()
