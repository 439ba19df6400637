# tests/evidence/wrong_kinds/places.py -- damaged bundles and checkpoints, wrong plugins, places that take no output.
# SPDX-License-Identifier: BSD-3-Clause
import shutil
import subprocess

from evidence import ROOT, run

from .bench import Attempt


def cut_bundle(b):
    path = b.bundle()
    return b.predict(3, r"model\.safetensors", b.cut(path, 1, path.stat().st_size))


def flipped_byte(b):
    path = b.bundle()
    at, bit = b.draw.randrange(path.stat().st_size), 1 << b.draw.randrange(8)

    def change(data):
        data[at] ^= bit

    return b.predict(3, r"model\.safetensors", b.spoil(path, change))


def not_a_bundle(b):
    text = b"".join(b.draw.randbytes(1) for _ in range(b.draw.randrange(8, 4000)))
    return b.predict(3, r"model\.safetensors", b.spoil(b.bundle(), lambda data: bytearray(text)))


def missing_bundle(b):
    path = b.bundle()
    if b.planted:
        path.unlink()
    return b.predict(3, r"model\.safetensors", path)


def other_columns(b):
    name = b.band()
    return b.predict(3, rf"{name}", catalog=b.table(b.without(name) if b.planted else None))


def init_from_another_file(b):
    attempt = b.train(3, r"cat\.fits")
    if b.planted:
        attempt.arguments[2:2] = [f"train.init_from={b.folder / 'cat.fits'}"]
    return attempt


def init_from_nothing(b):
    name = f"start{b.draw.randrange(1000)}.safetensors"
    return b.train(3, rf"{name}", changes=[f"train.init_from={b.folder / name}"])


def finished_run(b):
    return shutil.copytree(b.check.work / "healthy/run", b.folder / "run")


def no_run_to_resume(b):
    folder = finished_run(b)
    if b.planted:
        shutil.rmtree(folder)
        folder.mkdir()
    return Attempt(["resume", folder], 2, r"run holds no run", keeps=[folder] if b.planted else [])


def damaged_checkpoints(b):
    folder = finished_run(b)
    for name in ["last", "previous"]:
        path = folder / f"checkpoints/{name}.safetensors"
        if path.exists():
            b.cut(path, 1, path.stat().st_size)
    return Attempt(["resume", folder], 3, r"run/checkpoints/\w+\.safetensors", keeps=[folder] if b.planted else [])


def other_data_at_resume(b):
    """The catalogue of a run is replaced by a shorter one."""
    catalog, folder = b.table(), b.folder / "run"
    done = run([b.check.clq, *b.train(0, "", catalog, out=folder).arguments])
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    rows = b.rows[:b.draw.randrange(300, 590)]
    if b.planted:
        b.table(b.columns(rows))
    return Attempt(["resume", folder], 3, r"cat\.fits.*changed", keeps=[folder] if b.planted else [])


def plugins(b, says, path, healthy, code=2):
    return Attempt(["--plugins", path if b.planted else healthy, "plugins"], code, says)


def copy_plugin(b, name="cpu_ref"):
    return shutil.copy(b.check.build / f"lib/calanque/plugins/clq_{name}.so", b.folder / f"clq_{name}.so")


def stripped_plugin(b):
    """No fault either: a packager strips. The twin lacks the section table, which reading its symbols needs."""
    path = copy_plugin(b)
    subprocess.run(["strip", "-s", path], check=True)
    if not b.planted:
        without_sections(path)
    return Attempt(["--plugins", path, "plugins"], 0, r"clq_cpu_ref\.so")


def without_sections(path):
    """The ELF header says that there are no sections: e_shoff, e_shnum and e_shstrndx are 0."""
    data = bytearray(path.read_bytes())
    data[0x28:0x30] = bytes(8)
    data[0x3C:0x40] = bytes(4)
    path.write_bytes(data)


def plugin_without_sections(b):
    path = copy_plugin(b)
    without_sections(path)
    return plugins(b, r"clq_cpu_ref\.so.*not a", path, b.check.build / "lib/calanque/plugins/clq_cpu_ref.so")


def cut_plugin(b):
    path = copy_plugin(b)
    return Attempt(["--plugins", b.cut(path, 64, path.stat().st_size * 3 // 4), "plugins"], 2, r"clq_cpu_ref\.so")


def library_without_entry(b):
    path = b.folder / f"clq_tool{b.draw.randrange(100)}.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", path], input="int tool;", text=True, check=True)
    return plugins(b, rf"{path.name}.*not a Calanque plugin", path, copy_plugin(b))


def text_as_plugin(b):
    path = b.write(f"clq_x{b.draw.randrange(100)}.so", "no library\n" * b.draw.randrange(1, 99))
    return plugins(b, rf"{path.name}.*not a", path, copy_plugin(b))


def open_to_all(b):
    """Whoever may write a plugin runs code as whoever loads it."""
    path = copy_plugin(b)
    wrong = b.draw.choice([path, path.parent])
    if b.planted:
        wrong.chmod(0o777)
    return Attempt(["--plugins", path, "plugins"], 2, r"clq_cpu_ref\.so.*writable by everyone")


def other_abi(b):
    path = b.folder / "clq_future.so"
    major = b.draw.randrange(2, 99)
    subprocess.run(["cc", "-shared", "-fPIC", "-std=c99", f"-DTOY_MAJOR={major}", f"-I{ROOT}/capi/include",
                    ROOT / "tests/core/runtime/plugins/entry.c", "-o", path], check=True)
    return plugins(b, rf"clq_future\.so.*{major}\.\d+", path, copy_plugin(b))


# Mounts $SIZE bytes on $DISK in a name space of its own, puts $OLD there, runs; 99 if a failure did not leave it so.
ON_SMALL_DISK = """mount -t tmpfs -o size=$SIZE tmpfs "$DISK" && cp "$OLD" "$DISK" || exit 98
"$@"; code=$?
[ $code = 0 ] || { cmp -s "$OLD" "$DISK/$(basename "$OLD")" && [ -z "$(find "$DISK" -name '*.tmp*')" ]; } || code=99
exit $code"""


def on_small_disk(b, attempt, disk, room):
    """`room`: bytes beside the predictions of an earlier run, at most."""
    disk.mkdir()
    old = b.old_output()
    left = b.draw.randrange(room // 2, room)
    size = old.stat().st_size + left if b.planted else 64 << 20
    attempt.environment = {"SIZE": str(size), "DISK": str(disk), "OLD": str(old)}
    for space in ["-rm", "-m"]:  # as any user; as root, where users have no name spaces
        probe = run(["unshare", space, "mount", "-t", "tmpfs", "tmpfs", disk])
        attempt.before = ["unshare", space, "sh", "-c", ON_SMALL_DISK, "sh"]
        if probe.returncode == 0:
            return attempt
    attempt.cannot = f"no tmpfs can be mounted here: {probe.stderr.strip()}"
    return attempt


def full_disk(b):
    disk = b.folder / "disk"
    says = r"disk/predictions\.fits: \d+ bytes are needed, the file system has \d+ left"
    return on_small_disk(b, b.predict(6, says, out=disk / "predictions.fits", keeps=[]), disk, 16_000)


def full_disk_at_training(b):
    """Room for the first files of a run, not for its bundles."""
    disk = b.folder / "disk"
    return on_small_disk(b, b.train(6, r"disk/run/\S+: .*([Nn]o space|room)", out=disk / "run"), disk, 32_000)


def full_standard_output(b):
    """The results of a command are lost where nothing says so."""
    command = '"$@" >"$OUT"'
    return Attempt(["inspect", b.table()], 6, r"standard output", before=["sh", "-c", command, "sh"],
                   environment={"OUT": "/dev/full" if b.planted else "/dev/null"})


def file_size_limit(b):
    limit = b.draw.randrange(1000, 9000)
    attempt = b.predict(6, r"out/predictions\.fits.*(limit|large)")
    attempt.before = ["prlimit", f"--fsize={limit}", "--"] if b.planted else []
    return attempt


def read_only_folder(b):
    out = b.old_output()
    b.hand_over(out.parent)
    out.parent.chmod(0o555 if b.planted else 0o777)
    return b.predict(6, r"out/predictions\.fits.*[Pp]ermission", out=out, before=b.check.as_nobody,
                     cannot=b.check.no_other_user)


def read_only_run_folder(b):
    place = b.folder / "place"
    place.mkdir()
    b.hand_over(place)
    place.chmod(0o555 if b.planted else 0o777)
    return b.train(6, r"place/run.*[Pp]ermission", out=place / "run", keeps=[place] if b.planted else [],
                   before=b.check.as_nobody, cannot=b.check.no_other_user)


def missing_folder(b):
    folder = b.folder / f"nowhere{b.draw.randrange(1000)}"
    if not b.planted:
        folder.mkdir()
    return b.predict(6, rf"{folder.name}/predictions\.fits", out=folder / "predictions.fits", keeps=[])


def unknown_suffix(b):
    suffix = b.draw.choice(["parquet", "xyz", "hdf5", "vot"])
    out = b.old_output(f"predictions.{suffix}" if b.planted else "predictions.fits")
    return b.predict(2, rf"predictions\.{suffix}", out=out)


def too_little_memory(b):
    """An address space in which the program starts but the network does not fit."""
    units = b.draw.randrange(30, 40) * 1000
    attempt = b.train(4, r"memory", text=None)
    attempt.before = ["prlimit", f"--as={1 << 31}", "--"] if b.planted else []
    if b.planted:
        wide = f'{{use="dense",units={units}}}'
        attempt.arguments[2:2] = [f'model.layer=[{wide},{wide},{{use="dense"}}]']
    return attempt


KINDS = {
    "bundle cut short": cut_bundle, "bundle with one bit flipped": flipped_byte, "not a bundle": not_a_bundle,
    "missing bundle": missing_bundle, "bundle of other columns": other_columns, "init_from a file of another kind":
    init_from_another_file, "init_from a missing file": init_from_nothing, "nothing to resume": no_run_to_resume,
    "damaged checkpoints": damaged_checkpoints, "other data at resume": other_data_at_resume,
    "a stripped plugin loads": stripped_plugin, "plugin without a section table": plugin_without_sections,
    "plugin cut short": cut_plugin, "library without the entry": library_without_entry,
    "text named .so": text_as_plugin,
    "plugin of another ABI": other_abi, "plugin that everyone may write": open_to_all, "full disk": full_disk,
    "full disk at training": full_disk_at_training, "full standard output": full_standard_output,
    "file-size limit": file_size_limit,
    "read-only output folder": read_only_folder, "run folder in a read-only folder": read_only_run_folder,
    "output in a missing folder": missing_folder, "unknown suffix of the output": unknown_suffix,
    "too little memory": too_little_memory,
}
