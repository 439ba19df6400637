# tests/evil/validate_test.py -- clq validate finds each way in which a backend or a source can be wrong, and none where it is right.
# SPDX-License-Identifier: BSD-3-Clause
"""validate_test.py CLQ BACKEND SOURCE"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys

HANGS = "did not end within"
BACKEND = {  # what is wrong: the case that must find it, and what it must say
    "counts_none": ("device.info", "device_count is 0"),
    "counts_too_many": ("device.info", "device_info of device 1 of 3"),
    "info_overruns": ("device.info", "wrote behind the struct_size"),
    "info_of_any": ("device.info", "device_info of device 1: status 0"),
    "info_nameless": ("device.info", "no name"),
    "open_exits": ("device.reopen", "exit code 0"),
    "alloc_unaligned": ("memory.alloc", "not aligned to 64"),
    "copy_stops_short": ("memory.copy", "copy of 5 floats"),
    "supports_anything": ("segment.unknown", "score 100, 0 would be right"),
    "supports_without_reason": ("segment.unknown", "the reason ''"),
    "compile_crashes": ("segment.sizes", "signal 6"),
    "takes_any_flag": ("segment.sizes", "flag 0x40000000: status 0"),
    "takes_any_size": ("segment.sizes", "struct_size 4: status 0"),
    "refuses_silently": ("segment.odd", "the text ''"),
    "ignores_when": ("state.when", "`when` 0 has other bits"),
    "export_changes_a_bit": ("state.moves", "other bits come out than went in"),
    "workspace_too_small": ("op.log_softmax.inside", "signal 11"),
    "wrong_result": ("op.gelu.reference", "0.001 of its largest value"),
    "wrong_in_f32_alone": ("op.gelu.gradient", "in f32: gradient d0 is 0.001"),
    "not_repeatable": ("op.gelu.repeat", "other bits the second time"),
    "hides_non_finite": ("op.gelu.non_finite", "0, cpu_ref's is -?(nan|inf)"),
    "makes_nan_of_infinity": ("op.neg.non_finite", "nan, cpu_ref's is -?inf"),
    "turns_infinity": ("op.neg.non_finite", ": inf, cpu_ref's is -inf"),
    "spreads_non_finite": ("op.neg.non_finite", "nan, cpu_ref's is -?[0-9]"),
    "writes_input": ("op.gelu.inside", "signal 11"),
    "writes_behind": ("op.gelu.inside", "wrote outside its output 0"),
    "writes_far": ("op.gelu.inside", "signal 11"),
    "run_allocates": ("run.allocations", "allocated 10 times"),
    "run_makes_text": ("op.gelu.allocations", "allocated 1 times"),
    "run_allocates_aligned": ("op.gelu.allocations", "allocated 1 times"),
    "run_copies_text": ("op.gelu.allocations", "allocated 1 times"),
    "run_maps": ("op.gelu.formula", "allocated 1 times"),
    "run_hangs": ("stream.order", HANGS),
    "run_throws": ("stream.order", "out of a C function"),
    "loses_errors": ("stream.errors", "loses a peer.*status 0"),
}
SOURCE = {
    "source_probe_crashes": ("source.probe", "signal 11"),
    "source_takes_anything": ("source.probe", "is 100, 0 would be right"),
    "source_silent": ("source.bad_index", "the text ''"),
    "source_leaks_a_file": ("source.closing", "left open.*/dev/null"),
    "source_describe_overruns": ("source.describe", "wrote behind a struct"),
    "source_counts_too_many": ("source.readers", "row 1096"),
    "source_block_none": ("source.describe", "block is 0"),
    "source_metadata_no_json": ("source.describe", "no JSON object"),
    "source_field_nameless": ("source.describe", "has no name"),
    "source_fields_same_name": ("source.describe", "two fields are named flux"),
    "source_role_none": ("source.describe", "role 77 is none"),
    "source_ids_change": ("source.ids", "other ids"),
    "source_fingerprint_changes": ("source.fingerprint", "another fingerprint"),
    "source_locate_overruns": ("source.locate", "wrote outside|its process"),
    "source_writes_beyond": ("source.slots", "wrote outside of them"),
    "source_read_hangs": ("source.readers", HANGS),
    "source_any_row": ("source.bad_index", "sample -1 of 997: status 0"),
    "source_depends_on_readers": ("source.readers", "2 readers.*other bytes"),
    "source_depends_on_order": ("source.readers", "1 readers.*other bytes"),
    "source_ignores_stride": ("source.slots", "other bytes with a sample_stride"),
    "source_ignores_fields": ("source.fields", "fields 1: other bytes"),
    "source_mixes_up_a_pair": ("source.fields", "fields 0, 2: other bytes"),
    "source_mixes_up_three": ("source.fields", r"fields \d, \d, \d: other bytes"),
    "source_counts_done_wrong": ("source.slots", "n_done 0 of 9"),
}
# Of evil://rows, which is no file and has neither image nor text.
NO_FILE = ["source.damaged", "source.errors", "source.shapes"]
# What a sanitizer would make of them is another end.
PLAIN_SIGNALS = ":".join(["detect_leaks=0", *(f"handle_{name}=0" for name in ("segv", "abort", "sigbus"))])


def validate(clq, plugin, how, only, limit, *more):
    """The report of clq validate, or the words of its error."""
    environment = dict(os.environ, CLQ_EVIL=how, ASAN_OPTIONS=PLAIN_SIGNALS)
    command = [clq, "validate", plugin, "--json", "--limit", limit, *more]
    done = subprocess.run(command + (["--only", only] if only else []), env=environment, capture_output=True, text=True,
                          timeout=600, check=False)
    try:
        return json.loads(done.stdout), ""
    except json.JSONDecodeError:
        return {}, f"exit {done.returncode}: {done.stderr.strip()[:300]}"


def found(clq, plugin, how, finding, *more):
    """Whether the case says it, and its first words."""
    case, words = finding
    report, problem = validate(clq, plugin, how, case, "10" if words == HANGS else "60", *more)
    if problem:
        return False, problem
    one = report["cases"][0]
    said = "; ".join(one["problems"])
    seen = one["result"] in ("failed", "ended", "hung") and re.search(words, said) is not None
    return seen, f"{case} {one['result']}: {said[:160]}" + ("" if seen else f" ('{words}' would be right)")


def problems_of_right(clq, plugin, *more):
    """Of a plugin that is right: it passes what it takes, and takes all that it is known to take."""
    report, problem = validate(clq, plugin, "nothing", "", "60", *more)
    if problem:
        return [problem]
    refused = sorted(c["name"] for c in report["cases"] if c["result"] == "unsupported")
    print(f"{os.path.basename(plugin)}, right: {report['passed']} of {len(report['cases'])} cases pass, {len(refused)} unsupported")
    bad = [f"{c['name']} {c['result']}: {c['problems']}" for c in report["cases"]
           if c["result"] not in ("passed", "unsupported")]
    known = NO_FILE if more else []
    return bad + ([] if refused == known else [f"unsupported are {refused}, {known} would be right"])


def main():
    clq, backend, source = (os.path.abspath(path) for path in sys.argv[1:])
    data = ("--data", "evil://rows")
    wrong = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        cases = [(backend, how, finding) for how, finding in BACKEND.items()]
        cases += [(source, how, finding, *data) for how, finding in SOURCE.items()]
        for case, (seen, words) in zip(cases, pool.map(lambda case: found(clq, *case), cases)):
            print(f"{'ok' if seen else 'WRONG':6} {case[1]}: {words}")
            wrong += [] if seen else [case[1]]
    for plugin, more in ((backend, ()), (source, data)):
        for problem in problems_of_right(clq, plugin, *more):
            print(f"WRONG  {os.path.basename(plugin)}, right: {problem}")
            wrong.append(f"nothing of {os.path.basename(plugin)}")
    print(f"{len(BACKEND) + len(SOURCE)} switches, {len(wrong)} wrong {wrong}")
    sys.exit(1 if wrong else 0)


main()
