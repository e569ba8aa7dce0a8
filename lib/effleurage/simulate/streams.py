"""Random numbers: one counter-based stream for each cause, so that no number depends on how the work is cut.

Clients come in fixed blocks of 8 rows by 1,024 columns. Client ``i`` stands in column ``i mod 1024``, which
is also the posterior draw it lives under. Each block, cause and measure has its own place in the counter of
Philox.

>>> one, again = Streams(7), Streams(7)
>>> bool((one.normal("start", 3, (2,)) == again.normal("start", 3, (2,))).all())
True
"""

import zlib

import numpy as np

from effleurage.simulate.parameters import DRAWS

ROWS, COLUMNS = 8, DRAWS
BLOCK = ROWS * COLUMNS
CAUSES = (
    "start",
    "lasting",
    "wobble",
    "error",
    "response",
    "adherence",
    "attendance",
    "dropout",
    "tolerance",
)

Luck = np.random.Generator


def luck(seed: int) -> Luck:
    """Return a generator for draws that belong to no client, such as the chance in a published figure."""
    return np.random.default_rng(seed)


class Streams:
    """The random numbers of one seed."""

    def __init__(self, seed: int, arm: int = 0) -> None:
        """Take a seed; ``arm`` parts groups of different people under the same seed."""
        self.key = np.random.SeedSequence([seed, arm]).generate_state(2, np.uint64)
        self.drawn = 0

    def _generator(self, cause: str, block: int, measure: str) -> np.random.Generator:
        place = CAUSES.index(cause) | (zlib.crc32(measure.encode()) << 8)
        counter = np.array([0, 0, place, block], dtype=np.uint64)
        return np.random.Generator(np.random.Philox(key=self.key, counter=counter))

    def normal(self, cause: str, block: int, lead: tuple[int, ...] = (), measure: str = "") -> np.ndarray:
        """Return standard normals, float32, shape (\\*lead, 8, 1024)."""
        shape = (*lead, ROWS, COLUMNS)
        self.drawn += BLOCK * int(np.prod(lead))
        return self._generator(cause, block, measure).standard_normal(shape, dtype=np.float32)

    def uniform(self, cause: str, block: int, lead: tuple[int, ...] = (), measure: str = "") -> np.ndarray:
        """Return numbers from 0 up to 1, float32, shape (\\*lead, 8, 1024)."""
        shape = (*lead, ROWS, COLUMNS)
        self.drawn += BLOCK * int(np.prod(lead))
        return self._generator(cause, block, measure).random(shape, dtype=np.float32)
