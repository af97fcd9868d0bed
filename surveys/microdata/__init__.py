"""From an existing survey's file to the units and answers of a wave. Pure.

A mapping says which column measures which construct; the file is read against it, and
either every cell is understood or every problem is told.
"""

from surveys.microdata.codebook import read_codebook
from surveys.microdata.instrument import instrument_document, item_names
from surveys.microdata.limits import Limits
from surveys.microdata.mapping import ColumnMapping, DesignColumns, FileOptions, Mapping
from surveys.microdata.mapping_text import read_mapping
from surveys.microdata.problems import MicrodataRefused, Problem, ProblemReport
from surveys.microdata.reading import ImportedUnit, Microdata, read_microdata

__all__ = [
    "ColumnMapping",
    "DesignColumns",
    "FileOptions",
    "ImportedUnit",
    "Limits",
    "Mapping",
    "Microdata",
    "MicrodataRefused",
    "Problem",
    "ProblemReport",
    "instrument_document",
    "item_names",
    "read_codebook",
    "read_mapping",
    "read_microdata",
]
