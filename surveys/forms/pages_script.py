"""What the script of a page is told: conditions, edits, and the answers that they read."""

import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

from surveys import questionnaire
from surveys.questionnaire import FillContext
from surveys.questionnaire.condition_json import condition_json
from surveys.questionnaire.conditions import ALWAYS, Condition, holder_of
from surveys.questionnaire.fills import quoted
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.offering import rests_on


@lru_cache(maxsize=4096)
def condition_text(condition: Condition) -> str:
    return _text(condition_json(condition))


def edits_json(page: Page, context: FillContext) -> str:
    """The author's edits with their sentences; those that quote the page wait for the server."""
    on_page = {item.name for item in page.items}
    return _text(
        [
            {
                "name": edit.name,
                "when": condition_json(edit.fails_when),
                "message": questionnaire.fill(edit.message, context),
            }
            for edit in page.edits
            if not quoted(edit.message) & on_page
        ]
    )


def answers_json(page: Page, scope: Mapping[str, Any], on_page: AbstractSet[str]) -> str:
    """The earlier answers that conditions of the page read, and no others."""
    read = {name for condition in _conditions(page, on_page) for name in _holders(condition)}
    return _text({name: scope[name] for name in sorted(read - on_page) if name in scope})


def _conditions(page: Page, on_page: AbstractSet[str]) -> Iterator[Condition]:
    """Conditions that the script weighs."""
    for item in page.items:
        codes = getattr(item, "codes", ())
        universes = (getattr(code, "universe", ALWAYS) for code in _some(codes))
        for condition in (item.universe, *universes):
            if condition is not ALWAYS and rests_on(condition, on_page):
                yield condition
    yield from (edit.fails_when for edit in page.edits)


def _some(codes: Any) -> tuple[Any, ...]:
    """The codes of a choice; a long list has no conditions."""
    return codes if isinstance(codes, tuple) else ()


def _holders(condition: Condition) -> Iterator[str]:
    """Every name under which an answer that the condition reads may be kept."""
    for reference in condition.reads:
        name = reference
        while name:
            yield name
            name = holder_of(name)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
