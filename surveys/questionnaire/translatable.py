"""The texts of an authored document that are read by people, each with a key of names.

A key says where a text belongs and not at which position it stands, such as
``items.employment_last.label``, so that a text which moves keeps its translation. Whatever
has not the shape of the language is passed over; compiling the document tells of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SECTION_TEXTS = ("title", "intro")
PAGE_TEXTS = ("title", "intro")
ITEM_TEXTS = (
    "label",
    "hint",
    "definition",
    "period",
    "unit",
    "filter_label",
    "none_label",
    "thing",
    "things",
)
CODE_TEXTS = ("label", "definition", "title", "specify_label")
FACET_TEXTS = ("label", "unit")


@dataclass(frozen=True, slots=True)
class Slot:
    """A text in its place: `holder` is the mapping of the document that has it under `name`."""

    key: str
    holder: dict[str, Any]
    name: str

    @property
    def text(self) -> str:
        return str(self.holder[self.name]).strip()


def slots(document: dict[str, Any]) -> Iterator[Slot]:
    """Every text of an instrument or module, in the order of the file; blank ones are left out."""
    head = "module" if "module" in document else "instrument"
    texts = ("title", "summary", "intro")
    yield from _texts(document, head, texts)
    yield from _shared_codes(document)
    yield from _code_lists(document)
    for section in entries(document, "sections"):
        yield from _texts(section, f"sections.{section.get('name')}", SECTION_TEXTS)
        for page in entries(section, "pages"):
            yield from _page(page)


def entries(holder: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
    """The mappings of a list; none where something else stands there."""
    value = holder.get(key)
    found = value if isinstance(value, list) else []
    return (entry for entry in found if isinstance(entry, dict))


def items_of(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The authored items of all pages; those of a roster follow within it."""
    for section in entries(document, "sections"):
        for page in entries(section, "pages"):
            yield from entries(page, "items")


def entry_items(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The authored items of one entry of a roster; none for other kinds."""
    for page in entries(item, "pages"):
        yield from entries(page, "items")
    yield from entries(item, "items")


def _texts(holder: dict[str, Any], key: str, names: tuple[str, ...]) -> Iterator[Slot]:
    for name in names:
        value = holder.get(name)
        if isinstance(value, str | int | float) and str(value).strip():
            yield Slot(f"{key}.{name}", holder, name)


def _shared_codes(document: dict[str, Any]) -> Iterator[Slot]:
    lists = document.get("codes")
    if isinstance(lists, dict):
        for name in lists:
            for code in entries(lists, name):
                yield from _texts(code, f"codes.{name}.{code.get('value')}", CODE_TEXTS)


def _code_lists(document: dict[str, Any]) -> Iterator[Slot]:
    for each in entries(document, "code_lists"):
        key = f"code_lists.{each.get('name')}@{each.get('version')}"
        yield from _texts(each, key, ("title",))
        for code in entries(each, "codes"):
            yield from _texts(code, f"{key}.{code.get('value')}", ("label", "words"))


def _page(page: dict[str, Any]) -> Iterator[Slot]:
    name = page.get("name")
    yield from _texts(page, f"pages.{name}", PAGE_TEXTS)
    for item in entries(page, "items"):
        yield from _item(item, f"items.{item.get('name')}")
    for edit in entries(page, "edits"):
        yield from _texts(edit, f"edits.{name}.{edit.get('name')}", ("message",))


def _item(item: dict[str, Any], key: str) -> Iterator[Slot]:
    yield from _texts(item, key, ITEM_TEXTS)
    for part in ("codes", "rows", "parts"):
        yield from _codes(item, key, part)
    for facet in entries(item, "facets"):
        facet_key = f"{key}.facets.{facet.get('name')}"
        yield from _texts(facet, facet_key, FACET_TEXTS)
        yield from _codes(facet, facet_key, "codes")
    for group in entries(item, "groups"):
        yield from _texts(group, f"{key}.groups.{group.get('name')}", ("title",))
    points = item.get("points")
    if isinstance(points, dict):
        yield from _texts(points, f"{key}.points", tuple(points))
    yield from _entry_pages(item, key)


def _codes(holder: dict[str, Any], key: str, part: str) -> Iterator[Slot]:
    for code in entries(holder, part):
        yield from _texts(code, f"{key}.{part}.{code.get('value')}", CODE_TEXTS)


def _entry_pages(item: dict[str, Any], key: str) -> Iterator[Slot]:
    """Pages of a roster have no names; each is known by its first item."""
    for page in entries(item, "pages"):
        first = next(entries(page, "items"), {}).get("name")
        yield from _texts(page, f"{key}.pages.{first}", ("title",))
    for local in entry_items(item):
        yield from _item(local, f"{key}.items.{local.get('name')}")
