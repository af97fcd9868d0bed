"""The JSON Schema of an authored document, made from what the compiler reads.

It says the shape: keys, kinds, types, names and bounds of counts. What rests on more than one
place, such as names that are read, only the compiler can tell. A document that compiles is
valid; one that is valid may still have problems.
"""

import json
from typing import Any

from surveys.questionnaire.authored.battery import GROUP_KEYS, LAYOUTS
from surveys.questionnaire.authored.bindings import BINDING_KEYS
from surveys.questionnaire.authored.choices import MOST_CHOSEN
from surveys.questionnaire.authored.code_lists import LIST_KEYS, LISTED_KEYS, MOST_LISTED
from surveys.questionnaire.authored.codes import (
    CODE_KEYS,
    COLUMN_KEYS,
    LONGEST_VARIABLE,
    PART_KEYS,
    ROW_KEYS,
    SPECIFY,
)
from surveys.questionnaire.authored.entries import (
    LONGEST_ANSWER,
    MOST_DECIMALS,
    PRECISIONS,
    SCALE_BOUND,
)
from surveys.questionnaire.authored.facets import FACET_KEYS
from surveys.questionnaire.authored.items import (
    DEPENDENT,
    KIND_KEYS,
    NOT_IN_A_ROSTER,
    REQUIRED,
    STATED_MISSING,
    keys_of,
)
from surveys.questionnaire.authored.roster import ENTRY_PAGE_KEYS, MOST_ENTRIES, RESERVED_IN_ENTRIES
from surveys.questionnaire.nodes import BEFORE_ANSWERS
from surveys.questionnaire.parsing import EDIT_KEYS, INSTRUMENT_KEYS, PAGE_KEYS, SECTION_KEYS

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SCALAR = ["string", "number", "boolean", "null"]
_NAME = "^[a-z][a-z0-9_]{0,59}$"
_SLUG = "^[a-z][a-z0-9-]{0,59}$"
_CODE = "^[a-z0-9][a-z0-9_]{0,59}$"
_TEXT: Schema = {"type": _SCALAR}
_NEEDED: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_NUMBER: Schema = {"type": ["number", "null"]}
_FLAG: Schema = {"enum": ["yes", "no", True, False]}

_WORDS: Schema = {"type": "array", "minItems": 1, "items": {"type": _SCALAR}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list_of(schema: Schema, least: int = 0) -> Schema:
    return {"type": "array", "minItems": least, "items": schema}


def _some_of(schema: Schema) -> Schema:
    """A list that may be left out by writing nothing."""
    return {"anyOf": [_list_of(schema), {"type": "null"}]}


def _whole(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def _one_of(words: tuple[str, ...]) -> Schema:
    return {"enum": [*words, "", None]}


def _named(pattern: str) -> Schema:
    return {"type": ["string", "number", "boolean"], "pattern": pattern}


def _object(keys: tuple[str, ...], known: Schema, needed: tuple[str, ...]) -> Schema:
    """A mapping of these keys and no others; a key that is not described is a text."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(needed),
        "properties": {
            key: known.get(key, _NEEDED if key in needed else _TEXT) for key in sorted(set(keys))
        },
    }


def schema() -> Schema:
    """The schema of the file as a whole, with a definition for each part and each kind."""
    known: Schema = {
        "instrument": _named(_SLUG),
        "version": {"type": ["string", "integer", "boolean"], "pattern": r"\S", "maxLength": 20},
        "title": {**_NEEDED, "maxLength": 200},
        "languages": {"anyOf": [_WORDS, {"type": "null"}]},
        "codes": {
            "type": ["object", "null"],
            "additionalProperties": _list_of(_ref("code"), least=1),
        },
        "code_lists": _some_of(_ref("code_list")),
        "sections": _list_of(_ref("section"), least=1),
        "translations": {
            "type": ["object", "null"],
            "additionalProperties": {
                "type": ["object", "null"],
                "additionalProperties": _ref("translation"),
            },
        },
    }
    needed = ("instrument", "version", "title", "sections")
    return {
        "$schema": DRAFT,
        "title": "Instrument of Milieu",
        "description": "See docs/reference/instrument-language.md",
        **_object(INSTRUMENT_KEYS, known, needed),
        "$defs": {**_structure(), **_attached(), **_lists(), **_kinds()},
    }


def _structure() -> Schema:
    return {
        "section": _object(
            SECTION_KEYS,
            {
                "name": _named(_NAME),
                "minutes": _whole(0, 600),
                "opens": _FLAG,
                "on_hub": _FLAG,
                "summary": _FLAG,
                "pages": _list_of(_ref("page"), least=1),
            },
            ("name", "title", "pages"),
        ),
        "page": _object(
            PAGE_KEYS,
            {
                "name": _named(_NAME),
                "items": _list_of(_ref("item"), least=1),
                "edits": _some_of(_ref("edit")),
            },
            ("name", "title", "items"),
        ),
    }


def _attached() -> Schema:
    return {
        "edit": _object(
            EDIT_KEYS,
            {"name": _named(_NAME), "severity": {"enum": ["hard", "soft"]}, "items": _WORDS},
            EDIT_KEYS,
        ),
        "binding": _object(
            BINDING_KEYS,
            {"at": _values(), "values": _values(), "off_route": _NUMBER},
            ("construct",),
        ),
        "translation": _object(
            ("text", "of"), {"text": {"type": ["string", "number", "boolean"]}, "of": {}}, ("text",)
        ),
    }


def _values() -> Schema:
    return {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}


def _lists() -> Schema:
    code: Schema = {
        "value": _named(_CODE),
        "exclusive": _FLAG,
        "specify": _one_of(SPECIFY),
        "variable": {**_TEXT, "maxLength": LONGEST_VARIABLE},
    }
    listed = _object(
        LISTED_KEYS, {"value": _named("^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$")}, ("value", "label")
    )
    return {
        "code": _object(CODE_KEYS, code, ("value", "label")),
        "part": _object(PART_KEYS, code, ("value", "label")),
        "column": _object(COLUMN_KEYS, code, ("value", "label")),
        "row": _object(ROW_KEYS, code, ("value", "label")),
        "code_list": _object(
            LIST_KEYS,
            {
                "name": _named(_SLUG),
                "version": {"type": ["string", "number", "boolean"], "maxLength": 20},
                "codes": {**_list_of(listed), "maxItems": MOST_LISTED},
            },
            ("name", "version", "codes"),
        ),
    }


def _written_or_named(kind: str, least: int) -> Schema:
    """Codes written out, or the name of a shared list."""
    return {"anyOf": [_list_of(_ref(kind), least), {"type": "string", "minLength": 1}]}


def _kinds() -> Schema:
    kinds = {f"kind_{kind}": _kind(kind) for kind in KIND_KEYS}
    in_roster = [_ref(f"kind_{kind}") for kind in KIND_KEYS if kind not in NOT_IN_A_ROSTER]
    return {
        "item": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"enum": list(KIND_KEYS)}},
            "oneOf": [_ref(name) for name in kinds],
        },
        "entry_item": {
            "properties": {"name": {"not": {"enum": list(RESERVED_IN_ENTRIES)}}},
            "oneOf": in_roster,
        },
        "entry_page": _object(
            ENTRY_PAGE_KEYS, {"items": _list_of(_ref("entry_item"), 1)}, ("title", "items")
        ),
        "facet": _facet(),
        "group": _object(
            GROUP_KEYS, {"name": _named(_NAME), "rows": _WORDS}, ("name", "title", "rows")
        ),
        **kinds,
    }


def _facet() -> Schema:
    known: Schema = {
        "name": {**_named(_NAME), "not": {"const": "missing"}},
        "choose": {"enum": ["one", "many", "number"]},
        "codes": {"anyOf": [*_written_or_named("column", 1)["anyOf"], {"type": "null"}]},
        "when": {"anyOf": [{"type": "object", "minProperties": 1}, {"type": "null"}]},
        "minimum": _NUMBER,
        "maximum": _NUMBER,
        "decimals": _whole(0, MOST_DECIMALS),
    }
    return _object(FACET_KEYS, known, ("name", "label", "choose"))


_COMMON: Schema = {
    "name": {**_named(_NAME), "not": {"enum": list(BEFORE_ANSWERS)}},
    "bind": {"anyOf": [_ref("binding"), _list_of(_ref("binding")), {"type": "null"}]},
    "required": _one_of(REQUIRED),
    "dependent": _one_of(DEPENDENT),
    "missing": {"anyOf": [_list_of({"enum": list(STATED_MISSING)}), {"type": "null"}]},
    "variable": {**_TEXT, "maxLength": LONGEST_VARIABLE},
    "decimals": _whole(0, MOST_DECIMALS),
}
_BOUNDS: Schema = {"minimum": _NUMBER, "maximum": _NUMBER}
_OWN: dict[str, Schema] = {
    "single_choice": {"codes": _written_or_named("code", 2)},
    "multiple_choice": {
        "codes": _written_or_named("code", 2),
        "most": {"anyOf": [_whole(1, MOST_CHOSEN), {"type": "null"}]},
    },
    "number": _BOUNDS,
    "money": _BOUNDS,
    "share": {},
    "year": {"minimum": _whole(0, 9999), "maximum": _whole(0, 9999)},
    "date": {"precision": _one_of(PRECISIONS)},
    "scale": {
        "minimum": _whole(-SCALE_BOUND, SCALE_BOUND),
        "maximum": _whole(-SCALE_BOUND, SCALE_BOUND),
        "points": {"type": "object", "minProperties": 2, "additionalProperties": _NEEDED},
    },
    "text": {"max_length": _whole(0, LONGEST_ANSWER), "long": _FLAG},
    "lookup": {"codes": {"type": "string", "pattern": "^[^@]+@[^@]+$"}},
    "allocation": {
        "parts": _written_or_named("part", 2),
        "total": _NUMBER,
        "at_most": _FLAG,
    },
    "battery": {
        "rows": _written_or_named("row", 1),
        "facets": _list_of(_ref("facet"), least=1),
        "layout": _one_of(LAYOUTS),
        "groups": _some_of(_ref("group")),
    },
    "roster": {
        "most": _whole(1, MOST_ENTRIES),
        "pages": _list_of(_ref("entry_page"), least=1),
        "items": _list_of(_ref("entry_item"), least=1),
    },
    "note": {},
    "computed": {},
}
_NEEDED_KEYS: dict[str, tuple[str, ...]] = {
    "single_choice": ("codes",),
    "multiple_choice": ("codes",),
    "scale": ("points",),
    "lookup": ("codes",),
    "allocation": ("parts",),
    "battery": ("rows", "facets"),
    "roster": ("thing", "things"),
    "computed": ("expression",),
}


def _kind(kind: str) -> Schema:
    known = {**_COMMON, **_OWN[kind], "kind": {"const": kind}}
    needed = ("name", "kind", "label", *_NEEDED_KEYS.get(kind, ()))
    described = _object(keys_of(kind), known, needed)
    if kind == "roster":
        described["oneOf"] = [{"required": ["pages"]}, {"required": ["items"]}]
    return described


def schema_text() -> str:
    """The schema as the file that is published."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
