"""Pages of the instrument language from what another program shows together."""

from collections.abc import Iterator, Sequence
from typing import Any

from surveys.interchange.foreign.reading import Reading

_ALONE = ("battery", "roster")
LONGEST_TITLE = 200


def pages_of(
    reading: Reading,
    *,
    name: str,
    title: str,
    items: Sequence[dict[str, Any]],
    intro: str = "",
    when: Sequence[Any] = (),
    edits: Sequence[dict[str, Any]] = (),
) -> list[dict[str, Any]]:
    """One page with the items; or several, where a battery or roster needs one of its own.

    Without a name, each page is called as its first item.
    """
    pages: list[dict[str, Any]] = []
    for run in _runs(items):
        page: dict[str, Any] = {
            "name": reading.pages.give(name or str(run[0]["name"]), "page"),
            "title": title or _first_label(run) or name or "Questions",
        }
        if intro and not pages:
            page["intro"] = intro
        if own := [*when, *_moved_to_page(run)]:
            page["when"] = own
        page["items"] = run
        if about := _edits_about(run, edits):
            page["edits"] = about
        pages.append(page)
    return pages


def _moved_to_page(run: Sequence[dict[str, Any]]) -> list[Any]:
    """The conditions of a battery or roster, which are those of its page."""
    conditions: list[Any] = run[0].pop("when", []) if run[0].get("kind") in _ALONE else []
    return conditions


def _edits_about(
    run: Sequence[dict[str, Any]], edits: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    names = {item["name"] for item in run}
    return [edit for edit in edits if set(edit["items"]) <= names]


def _first_label(run: Sequence[dict[str, Any]]) -> str:
    """The first question, to head a page that has no title of its own."""
    return str(run[0].get("label") or "").replace("{row}", "").strip()


def _runs(items: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    run: list[dict[str, Any]] = []
    for item in items:
        if item.get("kind") in _ALONE:
            if run:
                yield run
            yield [item]
            run = []
        else:
            run.append(item)
    if run:
        yield run
