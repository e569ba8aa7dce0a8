"""Adding without programming: commented starting files, schemas for editors, rules as a spreadsheet.

>>> print(start("technique", "warm-stone-stroking").splitlines()[6])
- id: warm-stone-stroking
"""

from effleurage.authoring import sheet
from effleurage.authoring.fields import allowed, meaning
from effleurage.authoring.rule_words import scope_words, trigger_words
from effleurage.authoring.schemas import EXAMPLES, schema, schemas, write_schemas
from effleurage.authoring.starting import add, place, start, write

__all__ = [
    "EXAMPLES",
    "add",
    "allowed",
    "meaning",
    "place",
    "schema",
    "schemas",
    "scope_words",
    "sheet",
    "start",
    "trigger_words",
    "write",
    "write_schemas",
]
