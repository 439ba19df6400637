# tests/evidence/images/browser.py -- a headless Chromium without a network, asked through a pipe.
# SPDX-License-Identifier: BSD-3-Clause
import base64
import json
import os
import select
import shutil
import subprocess
import sys
import time

SECONDS = 120  # for a page, and for the end


class Browser:
    """Opens pages by the DevTools protocol: NUL-ended JSON on the file descriptors 3 and 4 of the browser."""

    def __init__(self, work):
        program = shutil.which("chromium")
        if program is None:
            sys.exit("report: there is no chromium here: bash tests/install_packages.sh evidence")
        read_commands, self._out = os.pipe()
        self._in, write_answers = os.pipe()
        alone = ["unshare", "--net"] if os.getuid() == 0 else ["unshare", "--map-root-user", "--net"]
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--no-first-run",
                 f"--user-data-dir={work}/browser"]
        front = ["bash", "-c", f'exec 3<&{read_commands} 4>&{write_answers} "$@"', "browser"]
        self._process = subprocess.Popen([*front, *alone, program, *flags], pass_fds=(read_commands, write_answers),
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                         env=os.environ | {"HOME": str(work)})
        os.close(read_commands)
        os.close(write_answers)
        self._rest, self._number, self.events = b"", 0, []
        self._limit = time.monotonic() + SECONDS

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._out)
        self._process.terminate()
        self._process.wait(SECONDS)
        os.close(self._in)

    def ask(self, method, session=None, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        os.write(self._out, json.dumps(message | ({"sessionId": session} if session else {})).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    sys.exit(f"report: chromium: {method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def _next(self):
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._in], [], [], max(0, self._limit - time.monotonic()))
            if not ready:
                sys.exit(f"report: chromium: no answer in {SECONDS} s")
            block = os.read(self._in, 1 << 20)
            if not block:
                sys.exit("report: chromium ended before it answered")
            self._rest += block
        message, self._rest = self._rest.split(b"\0", 1)
        return json.loads(message)

    def look_at(self, path):
        """What a reader sees: pictures loaded and not, addresses outside of the file, a PNG of the whole page."""
        self._limit = time.monotonic() + SECONDS
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.events.clear()
        for domain in ("Page", "Network", "Runtime"):
            self.ask(f"{domain}.enable", session)
        self.ask("Emulation.setDeviceMetricsOverride", session, width=1100, height=900, deviceScaleFactor=1,
                 mobile=False)
        self.ask("Page.navigate", session, url=f"file://{path}")
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            if time.monotonic() > self._limit:
                sys.exit(f"report: chromium: {path}: not loaded in {SECONDS} s")
            self.events.append(self._next())
        seen = "i.complete && i.naturalWidth > 100 && i.getBoundingClientRect().height > 50"
        pictures = self.ask("Runtime.evaluate", session, returnByValue=True,
                            expression=f"[...document.images].map(i => {seen})")
        shot = self.ask("Page.captureScreenshot", session, captureBeyondViewport=True, format="png")["data"]
        asked = [event["params"] for event in self.events if event.get("method") == "Network.requestWillBeSent"]
        urls = [event["request"]["url"] for event in asked]
        outside = [url for url in urls if not url.startswith(("data:", f"file://{path}"))]
        self.ask("Target.closeTarget", targetId=target)
        return pictures["result"]["value"], outside, base64.b64decode(shot)
