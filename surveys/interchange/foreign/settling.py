"""Second pass over an imported document: conditions and quoted answers find their items.

A condition may read earlier items only. One that reads something else, or says something
that the language has no words for, is left out and noted with its place and reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from surveys.interchange.expressions.translate import Target, condition_text, operand_text
from surveys.interchange.expressions.tree import Untranslatable
from surveys.interchange.foreign.reading import Pending, Reading
from surveys.interchange.foreign.texts import QUOTED, settled
from surveys.questionnaire.condition_language import ConditionError, parse_condition

_CODE_LISTS = ("codes", "rows", "parts")
_LOST_TEXT = "…"


def settle(document: dict[str, Any], reading: Reading) -> dict[str, Any]:
    """The document, changed in place, without anything pending and without empty pages."""
    walk = _Walk(reading)
    walk.texts(document, ("title", "intro"), "the opening text")
    shared = document.get("codes")
    for codes in shared.values() if isinstance(shared, dict) else ():
        walk.codes(codes)
    for section in document["sections"]:
        walk.section(section)
    document["sections"] = [section for section in document["sections"] if section["pages"]]
    return document


@dataclass(slots=True)
class _Walk:
    reading: Reading
    asked: set[str] = field(default_factory=set)
    roster: str = ""

    def section(self, section: dict[str, Any]) -> None:
        self.when(section)
        self.texts(section, ("title", "intro"), f"section {section.get('name')}")
        for page in section["pages"]:
            self.page(page)
        section["pages"] = [page for page in section["pages"] if page["items"]]

    def page(self, page: dict[str, Any]) -> None:
        where = f"page {page.get('name')}"
        self.when(page)
        self.texts(page, ("title", "intro"), where)
        for item in page["items"]:
            self.item_texts(item)
        page["items"] = [item for item in page["items"] if self.item(item)]
        if "edits" in page:
            edits = page.pop("edits")
            kept = [edit for edit in edits if self.edit(edit, page)]
            if kept or not edits:
                page["edits"] = kept

    def edit(self, edit: dict[str, Any], page: dict[str, Any]) -> bool:
        """Whether the edit stays: one that lost its condition, or its item, does not."""
        self.texts(edit, ("message",), f"edit {edit.get('name')}")
        if not isinstance(edit.get("when"), list):
            return True
        self.when(edit)
        names = {item.get("name") for item in page["items"]}
        return "when" in edit and all(name in names for name in edit["items"])

    def item_texts(self, item: dict[str, Any]) -> None:
        where = f"item {item.get('name')}"
        self.texts(item, ("label", "hint", "definition"), where)
        for facet in _mappings(item.get("facets")):
            self.texts(facet, ("label",), where)
            self.codes(facet.get("codes"))
        for key in _CODE_LISTS:
            self.codes(item.get(key))

    def item(self, item: dict[str, Any]) -> bool:
        """Whether the item stays: a computed one without its expression does not."""
        self.when(item)
        expression = item.get("expression")
        if isinstance(expression, Pending):
            text = self.translated(expression, is_condition=False)
            if text is None:
                return False
            item["expression"] = text
        if item.get("kind") == "roster":
            self.entries(item)
        self.asked.add(f"{self.roster}.{item.get('name')}" if self.roster else str(item["name"]))
        return True

    def entries(self, item: dict[str, Any]) -> None:
        self.roster = str(item.get("name"))
        for page in [*_mappings(item.get("pages")), item]:
            if page is not item:
                self.when(page)
                self.texts(page, ("title",), f"item {self.roster}")
            locals_ = list(_mappings(page.get("items")))
            for local in locals_:
                self.item_texts(local)
            if "items" in page:
                page["items"] = [local for local in locals_ if self.item(local)]
        self.roster = ""

    def codes(self, codes: Any) -> None:
        for code in _mappings(codes):
            self.when(code)
            for key in ("label", "definition"):
                if isinstance(code.get(key), str):
                    code[key] = settled(code[key], lambda _: _LOST_TEXT)

    def when(self, holder: dict[str, Any]) -> None:
        """Join the pending conditions of the holder into one text, without those lost."""
        value = holder.get("when")
        if not isinstance(value, list):
            return
        texts = [
            text
            for part in value
            if (text := part if isinstance(part, str) else self.translated(part)) is not None
        ]
        joined = texts[0] if len(texts) == 1 else " and ".join(f"({text})" for text in texts)
        joined = _unbracketed(joined)
        if texts and self.can_be_read(joined, value):
            holder["when"] = joined
        else:
            del holder["when"]

    def can_be_read(self, text: str, parts: list[Any]) -> bool:
        try:
            parse_condition(text)
        except ConditionError as error:
            for part in parts:
                if isinstance(part, Pending):
                    self.lost(part, str(error))
            return False
        return True

    def translated(self, pending: Pending, *, is_condition: bool = True) -> str | None:
        if pending.tree is None:
            self.lost(pending, pending.reason)
            return None
        translate = condition_text if is_condition else operand_text
        try:
            return translate(pending.tree, self.lookup)
        except Untranslatable as error:
            self.lost(pending, str(error))
            return None

    def lost(self, pending: Pending, reason: str) -> None:
        self.reading.lack(
            f"the expression “{pending.text[:200]}”: {reason}", pending.where, pending.lost
        )

    def lookup(self, name: str) -> Target | None:
        target = self.reading.targets.get(name)
        if target is None or not self._is_asked(target.reference):
            return None
        roster = self.reading.rosters.get(name, "")
        return target if roster in ("", self.roster) else None

    def _is_asked(self, reference: str) -> bool:
        parts = reference.split(".")
        return any(".".join(parts[:number]) in self.asked for number in range(1, len(parts) + 1))

    def texts(self, holder: dict[str, Any], keys: tuple[str, ...], where: str) -> None:
        """Quote answers of earlier pages; others are noted, as is what no fill can quote."""
        for key in keys:
            text = holder.get(key)
            if isinstance(text, str) and QUOTED.search(text):
                holder[key] = settled(text, lambda name, at=where: self._fill(name, at))  # type: ignore[misc]  # binds the loop's value

    def _fill(self, name: str, where: str) -> str:
        target = self.lookup(name)
        if target is None or "." in target.reference or target.kind in ("ticked", "entries"):
            self.reading.lack(f"the answer to “{name[:80]}” quoted in a text", where, _LOST_TEXT)
            return _LOST_TEXT
        return f"{{answer:{target.reference}}}"


def _mappings(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))


def _unbracketed(text: str) -> str:
    """The text without a pair of brackets around the whole of it."""
    while text.startswith("(") and text.endswith(")"):
        depth = 0
        for place, character in enumerate(text):
            depth += (character == "(") - (character == ")")
            if depth == 0 and place < len(text) - 1:
                return text
        text = text[1:-1]
    return text
