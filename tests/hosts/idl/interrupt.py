# tests/hosts/idl/interrupt.py -- SIGINT during clq_train: GDL stops between two calls, and the model is usable.
# SPDX-License-Identifier: BSD-3-Clause
"""interrupt.py GDL: the session reads its lines from a pipe, as from a terminal; the environment names the library."""
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIRST = """!path = '{here}:{bindings}:' + !path
x = randomn(1L, 4, 2000)
y = reform(x[0, *] + x[1, *])
model = clq_train(x, y, epochs=100000, set=['train.patience=0', 'train.schedule.warmup=0'], threads=1)
"""
THEN = """retall
model = clq_last()
p = clq_predict(model, x)
print, n_elements(p), total(finite(p)), correlate(p, y) gt 0.9, format='("USABLE ", i0, " ", i0, " ", i0)'
clq_save, model, 'interrupted.safetensors'
again = clq_train(x, y, epochs=1, threads=1, /quiet)
print, 'AGAIN', n_elements(clq_predict(again, x))
exit, status=7
"""


def wait_for(session, text, said, seconds=120):
    end = time.monotonic() + seconds
    while text not in said[0] and time.monotonic() < end:
        if select.select([session.stdout], [], [], 0.2)[0]:
            part = os.read(session.stdout.fileno(), 65536)
            if not part:
                break
            said[0] += part.decode()
    if text not in said[0]:
        session.kill()
        sys.exit(f"interrupt.py: '{text}' was not said in {said[0]}")


def main():
    environment = dict(os.environ, GDL_DISABLE_WX_PLOTS="1")
    with tempfile.TemporaryDirectory() as folder:
        session = subprocess.Popen([sys.argv[1], "-q", "--no-use-wx"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, cwd=folder, env=environment, start_new_session=True)
        said = [""]
        lines = FIRST.format(here=HERE, bindings=HERE.parents[2] / "capi/bindings/idl")
        session.stdin.write(lines.encode())
        session.stdin.flush()
        wait_for(session, "epoch 15 of", said)
        session.send_signal(signal.SIGINT)
        session.stdin.write(THEN.encode())
        session.stdin.flush()
        wait_for(session, "AGAIN", said)
        status = session.wait(60)
        whole = "USABLE 2000 2000 1\n" in said[0] and (Path(folder) / "interrupted.safetensors").exists()
    if status != 7 or not whole:
        sys.exit(f"interrupt.py: status {status}, said {said[0]}")
    print("the model of an interrupted training predicts, is saved, and another is trained")


if __name__ == "__main__":
    main()
