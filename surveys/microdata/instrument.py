"""The instrument that an import makes: one item a column, bound as the mapping says."""

import hashlib
import json
from collections.abc import Mapping as Lookup
from typing import Any

from surveys.microdata.cells import EMPTY_CODE, LONGEST_TEXT, FoundCode, stored_codes
from surveys.microdata.code_names import allowed_names
from surveys.microdata.mapping import ColumnMapping, Mapping
from surveys.microdata.reading import Microdata
from surveys.questionnaire.constructs import CATALOGUE

_KINDS = {
    "choice": "single_choice",
    "number": "number",
    "money": "money",
    "share": "share",
    "year": "year",
    "text": "text",
}
_UNBOUND = "without_a_construct"
_BRACES = str.maketrans("{}", "()")
_MOST_DECIMALS = 9


def item_names(mapping: Mapping) -> dict[str, str]:
    """For every mapped column the name of its item."""
    return allowed_names((mapped.column for mapped in mapping.columns), prefix="c")


def instrument_document(
    mapping: Mapping, microdata: Microdata, meanings: Lookup[str, str]
) -> dict[str, Any]:
    """The instrument as the questionnaire's language writes it, one page a construct.

    Its version is a fingerprint of the content, so that the same mapping of the same
    codes gives the same instrument.
    """
    pages = _pages(mapping, microdata, meanings)
    section = {"name": "columns", "title": "Columns of the file", "pages": pages}
    content = {"title": _plain(mapping.title), "sections": [section]}
    return {
        "instrument": mapping.instrument,
        "version": _short_fingerprint(content),
        "language": "en",
        **content,
    }


def _pages(
    mapping: Mapping, microdata: Microdata, meanings: Lookup[str, str]
) -> list[dict[str, Any]]:
    names = item_names(mapping)
    pages: dict[str, dict[str, Any]] = {}
    for mapped in mapping.columns:
        construct = CATALOGUE.get(mapped.construct)
        page = pages.setdefault(
            mapped.construct.replace(".", "_") or _UNBOUND,
            {"title": construct.label if construct else "Columns without a construct", "items": []},
        )
        page["items"].append(_item(mapped, names[mapped.column], microdata, meanings))
    return [{"name": name, **page} for name, page in pages.items()]


def _item(
    mapped: ColumnMapping, name: str, microdata: Microdata, meanings: Lookup[str, str]
) -> dict[str, Any]:
    label = mapped.label or meanings.get(mapped.column) or mapped.column
    item: dict[str, Any] = {"name": name, "kind": _KINDS[mapped.kind], "label": _plain(label)}
    if mapped.kind == "choice":
        codes = _codes(mapped, microdata.found_codes.get(mapped.column, ()))
        item["codes"] = [{"value": value, "label": label} for value, label, _ in codes]
        values = {value: counts_as for value, _, counts_as in codes if counts_as is not None}
    else:
        item |= _limits(mapped, microdata)
        values = {}
    if mapped.construct:
        item["bind"] = {"construct": mapped.construct, "at": dict(mapped.at)}
        if values:
            item["bind"]["values"] = values
    return item


def _codes(
    mapped: ColumnMapping, found: tuple[FoundCode, ...]
) -> list[tuple[str, str, float | str | None]]:
    """Stored code, its label, and what it counts as."""
    stored = stored_codes(mapped)
    codes: list[tuple[str, str, float | str | None]] = [
        (stored[code.raw], _plain(code.label or code.raw), code.value) for code in mapped.codes
    ] or [(code.stored, _plain(code.raw), code.raw) for code in found]
    if mapped.empty is not None:
        codes.append((EMPTY_CODE, "Left empty in the file", mapped.empty))
    if len(codes) == 1:
        codes.append(("not_in_the_file", "Any other value", None))
    return codes


def _limits(mapped: ColumnMapping, microdata: Microdata) -> dict[str, Any]:
    if mapped.kind == "text":
        return {"max_length": LONGEST_TEXT, "long": "yes"}
    limits: dict[str, Any] = {}
    if mapped.kind in ("number", "share"):
        limits["decimals"] = _decimals(mapped, microdata)
    if mapped.kind != "share":
        bounds = {"minimum": mapped.minimum, "maximum": mapped.maximum}
        limits |= {name: bound for name, bound in bounds.items() if bound is not None}
    return limits


def _decimals(mapped: ColumnMapping, microdata: Microdata) -> int:
    """The most decimals that a number of the column has."""
    numbers = {unit.answers.get(mapped.column) for unit in microdata.units}
    decimals = (len(repr(n).partition(".")[2]) for n in numbers if isinstance(n, float))
    return min(max(decimals, default=0), _MOST_DECIMALS)


def _plain(text: str) -> str:
    """Text in which nothing will be filled in: braces are for fills."""
    return " ".join(text.translate(_BRACES).split()) or "–"


def _short_fingerprint(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
