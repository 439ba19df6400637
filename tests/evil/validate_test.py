# tests/evil/validate_test.py -- clq validate finds each way in which a backend or a source can be wrong, and none where it is right.
# SPDX-License-Identifier: BSD-3-Clause
"""validate_test.py CLQ BACKEND SOURCE [--sanitize=LIST]"""
import concurrent.futures
import json
import os
import subprocess
import sys

# A sanitizer has a malloc of its own, which counts none of these.
PLAIN_MALLOC = {"run_allocates_aligned": "op.gelu.allocations", "run_copies_text": "op.gelu.allocations",
                "run_maps": "op.gelu.formula"}
BACKEND = {  # what is wrong: the case that must find it
    "counts_none": "device.info",
    "counts_too_many": "device.info",
    "info_overruns": "device.info",
    "info_of_any": "device.info",
    "info_nameless": "device.info",
    "open_exits": "device.reopen",
    "alloc_unaligned": "memory.alloc",
    "copy_stops_short": "memory.copy",
    "supports_anything": "segment.unknown",
    "supports_without_reason": "segment.unknown",
    "compile_crashes": "segment.sizes",
    "takes_any_flag": "segment.sizes",
    "takes_any_size": "segment.sizes",
    "refuses_silently": "segment.odd",
    "ignores_when": "state.when",
    "export_changes_a_bit": "state.moves",
    "workspace_too_small": "op.log_softmax.inside",
    "wrong_result": "op.gelu.reference",
    "wrong_in_f32_alone": "op.gelu.gradient",
    "not_repeatable": "op.gelu.repeat",
    "hides_non_finite": "op.gelu.non_finite",
    "makes_nan_of_infinity": "op.neg.non_finite",
    "turns_infinity": "op.neg.non_finite",
    "spreads_non_finite": "op.neg.non_finite",
    "writes_input": "op.gelu.inside",
    "writes_behind": "op.gelu.inside",
    "writes_far": "op.gelu.inside",
    "run_allocates": "run.allocations",
    "run_makes_text": "op.gelu.allocations",
    "run_hangs": "stream.order",
    "run_throws": "stream.order",
    "loses_errors": "stream.errors",
}
SOURCE = {
    "source_probe_crashes": "source.probe",
    "source_takes_anything": "source.probe",
    "source_silent": "source.bad_index",
    "source_leaks_a_file": "source.closing",
    "source_describe_overruns": "source.describe",
    "source_counts_too_many": "source.readers",
    "source_block_none": "source.describe",
    "source_metadata_no_json": "source.describe",
    "source_field_nameless": "source.describe",
    "source_fields_same_name": "source.describe",
    "source_role_none": "source.describe",
    "source_ids_change": "source.ids",
    "source_fingerprint_changes": "source.fingerprint",
    "source_locate_overruns": "source.locate",
    "source_writes_beyond": "source.slots",
    "source_read_hangs": "source.readers",
    "source_any_row": "source.bad_index",
    "source_depends_on_readers": "source.readers",
    "source_depends_on_order": "source.readers",
    "source_ignores_stride": "source.slots",
    "source_ignores_fields": "source.fields",
    "source_mixes_up_a_pair": "source.fields",
    "source_mixes_up_three": "source.fields",
    "source_counts_done_wrong": "source.slots",
}
# What a sanitizer would make of them is another end.
PLAIN_SIGNALS = ":".join(["detect_leaks=0", *(f"handle_{name}=0" for name in ("segv", "abort", "sigbus"))])


def validate(clq, plugin, how, only, *more):
    """The report of clq validate, or the words of its error."""
    environment = dict(os.environ, CLQ_EVIL=how, ASAN_OPTIONS=PLAIN_SIGNALS)
    command = [clq, "validate", plugin, "--json", "--limit", "10", *more]
    done = subprocess.run(command + (["--only", only] if only else []), env=environment, capture_output=True, text=True,
                          timeout=600, check=False)
    try:
        return json.loads(done.stdout), ""
    except json.JSONDecodeError:
        return {}, f"exit {done.returncode}: {done.stderr.strip()[:300]}"


def found(clq, plugin, how, case, *more):
    report, problem = validate(clq, plugin, how, case, *more)
    if problem:
        return False, problem
    one = report["cases"][0]
    return one["result"] in ("failed", "ended", "hung"), f"{case} {one['result']}: {'; '.join(one['problems'])[:160]}"


def main():
    clq, backend, source = (os.path.abspath(path) for path in sys.argv[1:4])
    ways = {**BACKEND, **({} if sys.argv[4:] not in ([], ["--sanitize="]) else PLAIN_MALLOC)}
    data = ("--data", "evil://rows")
    wrong = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        cases = [(backend, how, case) for how, case in ways.items()]
        cases += [(source, how, case, *data) for how, case in SOURCE.items()]
        for case, (seen, words) in zip(cases, pool.map(lambda case: found(clq, *case), cases)):
            print(f"{'ok' if seen else 'WRONG':6} {case[1]}: {words}")
            wrong += [] if seen else [case[1]]
    for plugin, more in ((backend, ()), (source, data)):
        report, problem = validate(clq, plugin, "nothing", "", *more)
        bad = [c for c in report.get("cases", []) if c["result"] not in ("passed", "unsupported")]
        print(f"{os.path.basename(plugin)}, right: {report.get('passed')} of {len(report.get('cases', []))} cases pass {problem}")
        for one in bad:
            print(f"       {one['name']} {one['result']}: {one['problems']}")
        wrong += [f"nothing of {os.path.basename(plugin)}"] if bad or problem else []
    print(f"{len(ways) + len(SOURCE)} switches, {len(wrong)} wrong {wrong}")
    sys.exit(1 if wrong else 0)


main()
