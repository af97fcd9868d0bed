"""Columns of the tables of codes, parts, rows, facets, groups, edits and shared lists."""

from surveys.forms.editor.lines import (
    codes_from,
    codes_text,
    lists_from,
    pairs_text,
    words_from,
    words_text,
)
from surveys.forms.editor.tables import Column

_SPECIFY = (("", "–"), ("text", "text"), ("number", "number"))
_CHOOSE = (("", ""), ("one", "one answer"), ("many", "many answers"), ("number", "numbers"))
_SEVERITIES = (("", ""), ("soft", "soft: ask to confirm"), ("hard", "hard: cannot be"))
_VALUE = Column("value", "Code")
_LABEL = Column("label", "Label", wide=True)
_DEFINITION = Column("definition", "Definition", wide=True)
_WHEN = Column("when", "Offered when", hint="A condition")
CODES = (
    _VALUE,
    _LABEL,
    _DEFINITION,
    Column("exclusive", "Excludes others", "tick"),
    Column("specify", "Specify", "select", _SPECIFY),
    _WHEN,
)
PARTS = (_VALUE, _LABEL, _DEFINITION)
ROWS = (_VALUE, _LABEL, _DEFINITION, Column("title", "Title of its page"), _WHEN)
FACETS = (
    Column("name", "Name"),
    Column("label", "Question", wide=True),
    Column("choose", "Answers", "select", _CHOOSE),
    Column(
        "codes",
        "Codes or columns",
        "area",
        hint="value = label a line; or the name of a shared list",
        wide=True,
        read=codes_text,
        write=codes_from,
    ),
    Column("when", "Only where", hint="question = codes", read=pairs_text, write=lists_from),
)
GROUPS = (
    Column("name", "Name"),
    Column("title", "Title", wide=True),
    Column(
        "rows",
        "Rows",
        hint="Codes, separated by commas",
        wide=True,
        read=words_text,
        write=words_from,
    ),
)
EDITS = (
    Column("name", "Name"),
    Column("severity", "Severity", "select", _SEVERITIES),
    Column("when", "Speaks when", "area", hint="A condition", wide=True),
    Column("message", "Message", "area", wide=True),
    Column(
        "items",
        "At the questions",
        hint="Names, separated by commas",
        read=words_text,
        write=words_from,
    ),
)
SHARED = (
    Column("name", "Name of the list"),
    Column(
        "codes",
        "Codes",
        "area",
        hint="One a line: value = label",
        wide=True,
        read=codes_text,
        write=codes_from,
    ),
)
