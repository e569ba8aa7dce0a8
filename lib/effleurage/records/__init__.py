"""Records: the one file that holds a student's work, safe against crashes, full disks and two pages at once.

>>> import tempfile
>>> from pathlib import Path
>>> with tempfile.TemporaryDirectory() as folder:
...     work = new("Neck, office worker", client="office-neck")
...     place = path_for(work, Path(folder))
...     first = save(work, place)
...     second = save(first.having(notes={"plan": "start gently"}), place)
...     second.revision, restore(place).work == second, [item.title for item in listed(folder)]
(2, True, ['Neck, office worker'])
"""

from effleurage.records.keeping import (
    VARIABLE,
    Listed,
    RecordConflict,
    default_folder,
    listed,
    path_for,
    save,
    save_copy,
)
from effleurage.records.reading import SUFFIX, Damaged, Restored, load, restore
from effleurage.records.work import SCHEMA, Work, new

__all__ = [
    "SCHEMA",
    "SUFFIX",
    "VARIABLE",
    "Damaged",
    "Listed",
    "RecordConflict",
    "Restored",
    "Work",
    "default_folder",
    "listed",
    "load",
    "new",
    "path_for",
    "restore",
    "save",
    "save_copy",
]
