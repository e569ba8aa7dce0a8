"""Strict reading and safe writing of YAML, CSV and JSON: atomic, never half a file.

Reading YAML here runs nothing and guesses nothing: a repeated key is refused, ``no`` is a word, only plain
numbers, ``true``, ``false`` and ``null`` are converted, anchors and tags are not used.

>>> document = parse_yaml("id: neck\\nanswer: no\\nweeks: 4\\n", "example.yaml")
>>> document.data
{'id': 'neck', 'answer': 'no', 'weeks': 4}
>>> document.where("weeks")
'example.yaml, line 3'
"""

from effleurage.files.building import FILL_IN, build
from effleurage.files.reading import Document, Keys, read_csv, read_json, read_text
from effleurage.files.strict_yaml import dump_yaml, parse_yaml, read_yaml, write_yaml
from effleurage.files.writing import previous, write_bytes, write_json, write_text

__all__ = [
    "FILL_IN",
    "Document",
    "Keys",
    "build",
    "dump_yaml",
    "parse_yaml",
    "previous",
    "read_csv",
    "read_json",
    "read_text",
    "read_yaml",
    "write_bytes",
    "write_json",
    "write_text",
    "write_yaml",
]
