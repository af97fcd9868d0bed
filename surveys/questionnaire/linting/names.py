"""Names and labels too long for statistical programs, and lists that nothing uses."""

from collections.abc import Iterator
from typing import Any

from surveys.questionnaire.codebook import CodebookVariable, codebook
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.problems import About, Problem
from surveys.questionnaire.translatable import entries

LONGEST_NAME = 32
LONGEST_LABEL = 80


def names_and_labels(instrument: Instrument) -> Iterator[Problem]:
    """One warning for all variables of an item or battery."""
    variables: dict[str, list[CodebookVariable]] = {}
    for variable in codebook(instrument):
        variables.setdefault(variable.name.partition(".")[0], []).append(variable)
    for item, group in variables.items():
        if names := [each.name for each in group if len(each.name) > LONGEST_NAME]:
            yield _too_long("long_name", item, names, LONGEST_NAME, "Choose a shorter name")
        if labels := [each.label for each in group if len(each.label) > LONGEST_LABEL]:
            yield _too_long("long_label", item, labels, LONGEST_LABEL, "Move detail to the hint")


def _too_long(code: str, item: str, texts: list[str], most: int, remedy: str) -> Problem:
    longest = max(texts, key=len)
    more = len(texts) - 1
    others = f"; {more} more of this item {'is' if more == 1 else 'are'} too long" if more else ""
    return Problem(
        code,
        f"item {item}",
        f"“{longest[:120]}” has {len(longest)} characters{others}.",
        f"{remedy}; {most} characters are kept.",
        About(
            "",
            "name" if code == "long_name" else "label",
            (longest[:120], str(len(longest)), str(most), str(more)),
        ),
    )


def unused_lists(instrument: Instrument) -> Iterator[Problem]:
    """Shared codes, and code lists brought along, that stand in no item."""
    document = dict(instrument.document)
    named = set(_named(document.get("sections")))
    shared = document.get("codes")
    for name in shared if isinstance(shared, dict) else ():
        if name not in named:
            yield _unused(f"codes {name}", str(name))
    for listed in entries(document, "code_lists"):
        name = f"{listed.get('name')}@{listed.get('version')}"
        if name not in named:
            yield _unused(f"code_lists {name}", name)


def _unused(where: str, name: str) -> Problem:
    message = f"No item uses the list {name!r}."
    return Problem("unused_codes", where, message, "Use it, or take it out.", About(values=(name,)))


def _named(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for entry in node:
            yield from _named(entry)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("codes", "rows", "parts") and isinstance(value, str):
                yield value
            else:
                yield from _named(value)
