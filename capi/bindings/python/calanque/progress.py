# calanque/progress.py -- how far a training is, for people: a line on a terminal, a line in a notebook.
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .trainer import Trainer



def clock(seconds: float) -> str:
    """"1:05" or "2:01:05"; "?" where it is not known yet."""
    if not 0 <= seconds < 1e8:
        return "?"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def line_of(trainer: Trainer) -> str:
    epochs, steps, loss = trainer.epochs, trainer.steps_in_all, trainer.loss
    looked_at = f"loss {loss:.5g}  " if loss != 0 else ""
    return (f"epoch {min(trainer.epoch + 1, epochs)}/{epochs}  step {trainer.step}/{steps}  {looked_at}"
            f"{trainer.samples_per_second:.0f} rows/s  ETA {clock(trainer.eta)}")


def in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython is not None else None
    return shell is not None and hasattr(shell, "kernel")


class Lines:
    """A line of stderr now and then, without control characters: for a log."""

    seconds = 30.0

    def show(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def done(self) -> None:
        pass


class Terminal:
    """One line of stderr, written over."""

    seconds = 0.1

    def __init__(self) -> None:
        self._shown = False

    def show(self, text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write(f"\r\x1b[K{text[:width]}")
        sys.stderr.flush()
        self._shown = True

    def done(self) -> None:
        if self._shown:
            sys.stderr.write("\n")
            sys.stderr.flush()
        self._shown = False


class Notebook:
    """One output of the cell, updated in its place."""

    seconds = 0.1

    def __init__(self) -> None:
        self._display: Any = None

    def show(self, text: str) -> None:
        from IPython.display import display  # type: ignore[import-not-found, unused-ignore]

        if self._display is None:
            self._display = display(_Line(text), display_id=True)  # type: ignore[no-untyped-call, unused-ignore]
        else:
            self._display.update(_Line(text))

    def done(self) -> None:
        self._display = None


class _Line:
    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


class Progress:
    """Shows a trainer. wanted: None where someone looks, True always, False never."""

    def __init__(self, wanted: bool | None = None) -> None:
        self._view: Lines | Terminal | Notebook | None = None
        if wanted is not False and in_notebook():
            self._view = Notebook()
        elif wanted is not False and sys.stderr is not None and sys.stderr.isatty():
            self._view = Terminal()
        elif wanted and sys.stderr is not None:
            self._view = Lines()
        self._next = 0.0

    def show(self, trainer: Trainer, now: bool = False) -> None:
        if self._view is not None and (now or time.monotonic() >= self._next):
            self._next = time.monotonic() + self._view.seconds
            self._view.show(line_of(trainer))

    def done(self) -> None:
        if self._view is not None:
            self._view.done()
