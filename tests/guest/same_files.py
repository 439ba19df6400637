# tests/guest/same_files.py -- two folders of files byte by byte, but for what names a time, a process or its memory.
# SPDX-License-Identifier: BSD-3-Clause
import csv
import io
import json
import re
import struct

# What a second run writes otherwise, by file.
TIMES = {
    "run.json": "start, end, pid, memory",
    "log.jsonl": "time, seconds",
    "metrics.csv": "seconds",
    "events": "the time and the process in its name, wall_time of each record, epoch/seconds",
    "checkpoints": "the lengths of metrics.csv and log.jsonl",
    "log.txt": "the lines about memory and seconds",
}


def without_keys(text, *keys):
    value = json.loads(text)
    for key in keys:
        value.pop(key, None)
    value.get("metrics", {}).pop("seconds", None)
    return json.dumps(value)


def without_column(text, column):
    rows = list(csv.reader(io.StringIO(text)))
    at = rows[0].index(column)
    return json.dumps([row[:at] + row[at + 1:] for row in rows])


def events(data):
    """The records of a TFRecord file without wall_time, field 1 of each, and epoch/seconds, and so without checksums."""
    records, at = [], 0
    while at < len(data):
        length = struct.unpack_from("<Q", data, at)[0]
        record = data[at + 12:at + 12 + length]
        if record[:1] != b"\x09":
            raise ValueError("a record that does not begin with its wall_time")
        records.append(record[9:])
        at += length + 16
    return re.sub(rb"(epoch/seconds\x15).{4}", rb"\1", b"\n".join(records), flags=re.DOTALL)


def checkpoint(data):
    """Without the two lengths and the checksum over them."""
    size = struct.unpack_from("<Q", data)[0]
    header = json.loads(data[8:8 + size])
    kept = json.loads(header["__metadata__"]["calanque"])
    for key in ("metrics_bytes", "log_bytes"):
        kept["progress"].pop(key)
    sums = json.loads(header["__metadata__"]["xxh3"])
    sums.pop("@header")
    header["__metadata__"].update(calanque=kept, xxh3=sums)
    return json.dumps(header).encode() + data[8 + size:]


def comparable(name, data):
    if name.endswith("run.json"):
        return without_keys(data, "start", "end", "pid", "memory")
    if name.endswith("log.jsonl"):
        return "\n".join(without_keys(line, "time") for line in data.decode().splitlines())
    if name.endswith("metrics.csv"):
        return without_column(data.decode(), "seconds")
    if "/checkpoints/" in name:
        return checkpoint(data)
    if "events.out" in name:
        return events(data)
    if name.endswith("log.txt"):
        lines = data.decode().splitlines()
        return "\n".join(line for line in lines if "memory" not in line and not re.search(r"\d s\b", line))
    return data


def contents(folder):
    """Name and bytes of each file; an event file is called by its beginning."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file():
            found[re.sub(r"(events\.out\.tfevents).*", r"\1", name)] = path.read_bytes()
    return found


def differences(one, other):
    """Names of the files that differ, and how many were compared."""
    a, b = contents(one), contents(other)
    differ = sorted(set(a) ^ set(b))
    differ += [name for name in sorted(set(a) & set(b)) if comparable(name, a[name]) != comparable(name, b[name])]
    return differ, len(set(a) | set(b))
