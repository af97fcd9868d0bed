"""The modules of the core instrument that are shipped, ready to be composed."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from surveys.questionnaire.catalogues import from_po
from surveys.questionnaire.reading import read_document

FOLDER = Path(__file__).resolve().parents[1] / "instruments" / "core"
SHARED = "common"

Document = dict[str, Any]


@lru_cache(maxsize=1)
def library() -> Mapping[str, Document]:
    """Every module by name, in the order of the blocks, each complete in itself.

    A module has those of the shared lists of codes that it names, and the translations of
    the catalogues ``<module>.<language>.po`` that lie beside it. Read once per process;
    callers do not change the documents.
    """
    shared = read_document((FOLDER / f"{SHARED}.yaml").read_text(encoding="utf-8"))
    paths = sorted(path for path in FOLDER.glob("*.yaml") if path.stem != SHARED)
    return {path.stem: _module(path, shared["codes"]) for path in paths}


def module(name: str) -> Document:
    """The module of that name. Raises KeyError if none is shipped."""
    return library()[name]


def catalogue_files(name: str) -> tuple[Path, ...]:
    """Catalogues of a module, those of the shared lists first."""
    return tuple(path for stem in (SHARED, name) for path in sorted(FOLDER.glob(f"{stem}.*.po")))


def _module(path: Path, shared: Mapping[str, Any]) -> Document:
    document = read_document(path.read_text(encoding="utf-8"))
    named = _lists_named(document["sections"])
    own = document.get("codes") or {}
    codes = {name: content for name, content in shared.items() if name in named} | own
    if codes:
        document["codes"] = codes
    for file in catalogue_files(path.stem):
        document = from_po(document, file.read_text(encoding="utf-8"))
    return document


def _lists_named(value: Any) -> set[str]:
    """Names of lists under ``codes`` and ``parts``, anywhere below."""
    if isinstance(value, list):
        return set().union(*map(_lists_named, value))
    if not isinstance(value, dict):
        return set()
    named = {value[key] for key in ("codes", "parts", "rows") if isinstance(value.get(key), str)}
    return named.union(*map(_lists_named, value.values()))
