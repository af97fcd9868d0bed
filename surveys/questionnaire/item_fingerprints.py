"""Fingerprints of single items: the same as long as the question is."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from surveys.questionnaire.code_lists import CodeList
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import Item, Roster


def item_fingerprints(instrument: Instrument) -> dict[str, str]:
    """The fingerprint of every item, those within rosters included, by name."""
    return {name: item_fingerprint(item) for name, item in all_items(instrument).items()}


def all_items(instrument: Instrument) -> dict[str, Item]:
    """Every item by name, those of the entries of rosters under ``roster.local``."""
    found: dict[str, Item] = {}
    for item in instrument.items:
        found[item.name] = item
        if isinstance(item, Roster):
            found |= {local.name: local for local in item.items}
    return found


def item_fingerprint(item: Item) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of all that the item is.

    Whatever has its default value is left out, so that an item keeps its fingerprint when
    the language learns a new key.
    """
    canonical = json.dumps(
        canonical_form(item), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def canonical_form(value: Any) -> Any:
    """A frozen value as plain data; conditions and expressions as they are written."""
    if isinstance(value, CodeList):
        return [value.name, value.version, [canonical_form(code) for code in value.codes]]
    if hasattr(value, "reads"):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {"": type(value).__name__} | {
            field.name: canonical_form(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if field.init and getattr(value, field.name) != field.default
        }
    if isinstance(value, frozenset | set):
        return sorted(canonical_form(each) for each in value)
    if isinstance(value, list | tuple):
        return [canonical_form(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): canonical_form(each) for key, each in value.items()}
    return value
