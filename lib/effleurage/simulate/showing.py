"""A progress bar for what takes longer than a second, in a terminal or a notebook; elsewhere silence.

>>> in_words(250_000, 1_000_000, seconds=2.0)
'[#####---------------] 25 %  250,000 of 1,000,000, about 6 s left'
"""

import sys
import time
from typing import Any

PATIENCE, PAUSE, WIDTH = 1.0, 0.1, 20


def in_words(done: int, total: int, seconds: float) -> str:
    """Say how far it is."""
    full = WIDTH * done // total
    left = seconds * (total - done) / max(done, 1)
    bar = "#" * full + "-" * (WIDTH - full)
    return f"[{bar}] {100 * done // total} %  {done:,} of {total:,}, about {left:.0f} s left"


class Bar:
    """Called with (done, total). Says nothing within the first second, nor when all is done; wipes itself."""

    def __init__(self, stream: Any = None) -> None:
        """Start the clock; ``stream`` is standard error if not given."""
        self.stream = sys.stderr if stream is None else stream
        self.began = self.said = time.monotonic()
        self.place, self.shown = _notebook(), 0

    def __call__(self, done: int, total: int) -> None:
        """Show how far it is, unless that was just done."""
        now = time.monotonic()
        if done >= total or now - self.began < PATIENCE or now - self.said < PAUSE:
            return
        self.said = now
        self._show(in_words(done, total, now - self.began))

    def close(self) -> None:
        """Wipe the bar."""
        if self.shown:
            self._show("")

    def _show(self, text: str) -> None:
        if self.place is not None:
            self.place.update({"text/plain": text}, raw=True) if self.shown else self.place.display(
                {"text/plain": text}, raw=True
            )
        elif self.stream is not None and self.stream.isatty():
            self.stream.write("\r" + text.ljust(self.shown) + ("" if text else "\r"))
            self.stream.flush()
        else:
            return
        self.shown = max(self.shown, len(text))


def _notebook() -> Any:
    """Return a place on the page to write to, when this runs in a notebook."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    if type(shell).__name__ != "ZMQInteractiveShell":
        return None
    from IPython.display import DisplayHandle

    return DisplayHandle()
