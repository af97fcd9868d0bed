"""Descriptions, guidance, definitions and other contents, as plain lines."""

from collections.abc import Iterator
from typing import Any

from surveys.interchange.ons.known import Scope
from surveys.interchange.ons.reading import Part
from surveys.interchange.ons.texts import text_of

_BULLET = "• "


def description_text(value: Any, where: str, scope: Scope) -> str:
    """A description, which eq writes as one text or as a list of texts."""
    texts = value if isinstance(value, list) else [value]
    return "\n".join(filter(None, (text_of(each, where, scope) for each in texts)))


def contents_text(holder: Part | None, scope: Scope) -> str:
    """The contents of guidance, of a panel or of a page, a line a paragraph or bullet."""
    if holder is None:
        return ""
    title = text_of(holder.get("title"), holder.where, scope)
    return "\n".join([title, *_lines(holder, scope)]).strip()


def _lines(holder: Part, scope: Scope) -> Iterator[str]:
    for entry in holder.parts("contents"):
        for key in ("title", "description"):
            text = text_of(entry.get(key), entry.where, scope)
            if text:
                yield text
        listed = entry.get("list")
        for each in listed if isinstance(listed, list) else []:
            yield _BULLET + text_of(each, entry.where, scope).replace("\n", " ")
        if guidance := contents_text(entry.part("guidance"), scope):
            yield guidance
        yield from _definition(entry.part("definition"), scope)
        if entry.get("image"):
            entry.kept("an image")


def _definition(definition: Part | None, scope: Scope) -> Iterator[str]:
    if definition is not None:
        yield contents_text(definition, scope)


def definitions_text(question: Part, scope: Scope) -> str:
    """What the question means by its words."""
    return "\n".join(contents_text(each, scope) for each in question.parts("definitions"))
