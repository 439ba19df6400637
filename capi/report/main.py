# capi/report/main.py -- what `clq report` starts: whatever goes wrong is one line and a promised exit code.
# SPDX-License-Identifier: BSD-3-Clause
"""main.py OPTIONS, a JSON object that capi/cli/report.cpp writes."""
import json
import os
import signal
import sys

from calanque_report.problem import HUNG_UP, INTERNAL, INTERRUPTED, MISSING, TERMINATED, WRITE, Problem


def fail(code, text):
    line = "".join(" " if ord(letter) < 0x20 or ord(letter) == 0x7F else letter for letter in str(text))
    print(f"clq: {line}", file=sys.stderr)
    return code


def run(options):
    try:
        from calanque_report.report import make_report
    except ImportError as error:
        raise Problem(MISSING, f"report: {sys.executable} cannot import what it needs: {error}") from error
    make_report(options)


def main():
    # Python would end at once and leave the folder that the report is made in.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:   # as nohup has it
        signal.signal(signal.SIGHUP, lambda *_: sys.exit(HUNG_UP))
    try:
        run(json.loads(sys.argv[1]))
    except Problem as problem:
        return fail(problem.code, problem)
    except OSError as error:
        return fail(WRITE, f"{error.filename or 'report'}: {error.strerror or error}")
    except KeyboardInterrupt:
        return INTERRUPTED
    except MemoryError:
        return fail(MISSING, "report: out of memory")
    except Exception as error:  # pylint: disable=broad-except
        if os.environ.get("CLQ_REPORT_TRACE"):
            raise
        return fail(INTERNAL, f"report: {type(error).__name__}: {error} (CLQ_REPORT_TRACE=1 shows where)")
    return 0


sys.exit(main())
