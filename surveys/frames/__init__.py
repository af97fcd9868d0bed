"""From a register's file to the firms of a frame, chunk by chunk. Pure.

Reads what `microdata` reads, but a little at a time: a frame may hold a million firms.
"""

from surveys.frames.columns import FIELD_NAMES, FIELDS, Field, FrameRow, size_class_of
from surveys.frames.mapping import FrameMapping, mapping_of
from surveys.frames.reading import MOST_UNITS, FrameReading
from surveys.frames.suggesting import first_rows, suggest

__all__ = [
    "FIELDS",
    "FIELD_NAMES",
    "MOST_UNITS",
    "Field",
    "FrameMapping",
    "FrameReading",
    "FrameRow",
    "first_rows",
    "mapping_of",
    "size_class_of",
    "suggest",
]
