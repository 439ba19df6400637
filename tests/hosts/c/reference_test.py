# tests/hosts/c/reference_test.py -- docs/c-api.md is what its generator makes, and the generator refuses what is planted.
# SPDX-License-Identifier: BSD-3-Clause
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
PARTS = ("capi/bindings/header.py", "capi/bindings/generate_reference.py", "capi/include", "tests/hosts/c/examples", "docs/c-api.md")
HEADER, EXAMPLE, MADE = "capi/include/calanque/calanque.h", "tests/hosts/c/examples/configuration.c", "docs/c-api.md"
PLANTED = (  # file, what stands there, what is put there, words of the refusal
    (MADE, "Costs: reads a constant.", "Costs: nothing.", MADE),
    (HEADER, "file or folder; NULL", "folder; NULL", MADE),
    (HEADER, "clq_handle config, const char *key, const char *value", "clq_handle config, const char *value", MADE),
    (EXAMPLE, "/* clq_config_set: ", "/* set: ", "no example of clq_config_set"),
    (EXAMPLE, 'ok(clq_config_set(config, "train.epochs", "40"));\n  ok(clq_config_set(config, "train.optimizer.lr", "1e-3"));',
     "puts(text);", "does not call it"),
    (EXAMPLE, "/* clq_config_dump: ", "/* clq_config_set: ", "has an example already"),
    (EXAMPLE, "/* clq_config_dump: ", "/* clq_config_print: ", "does not call it"),
)


def check(folder):
    done = subprocess.run([sys.executable, folder / "capi/bindings/generate_reference.py", "--check"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def main():
    with tempfile.TemporaryDirectory(prefix="calanque-reference-") as name:
        folder = pathlib.Path(name)
        for part in PARTS:
            (folder / part).parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if (ROOT / part).is_dir() else shutil.copy)(ROOT / part, folder / part)
        problems = [] if check(folder)[0] == 0 else ["as it is: " + check(folder)[1]]
        for file, old, new, words in PLANTED:
            path, text = folder / file, (folder / file).read_text(encoding="utf-8")
            if old not in text:
                problems.append(f"{file} does not hold '{old}'")
            path.write_text(text.replace(old, new), encoding="utf-8")
            status, said = check(folder)
            if status != 1 or words not in said:
                problems.append(f"'{new}' in {file}: exit {status}, {said.strip()}")
            path.write_text(text, encoding="utf-8")
    print("\n".join(problems) or f"{len(PLANTED)} planted, each found")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
