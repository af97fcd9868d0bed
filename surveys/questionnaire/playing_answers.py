"""Answers written by a person, in the words of a questionnaire, as answers that are stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import (
    Code,
    Computed,
    Item,
    MultipleChoice,
    Note,
    Roster,
    SingleChoice,
    codes_of,
)

_NOT_CHOSEN = (None, False, 0, "", "no", "No", "0")


@dataclass(frozen=True, slots=True)
class Written:
    """Answers by name of item, and the names that no item has."""

    answers: Mapping[str, Any]
    unknown: tuple[str, ...]


def written_answers(instrument: Instrument, written: Mapping[str, Any]) -> Written:
    """The answers by item.

    A key is the name of an item, its variable in the survey of origin, or the variable of one
    code of a multiple choice, whose value then says whether the code is chosen.
    """
    items = {item.name: item for item in instrument.items if not isinstance(item, Note | Computed)}
    by_variable = {item.variable: item for item in items.values() if item.variable}
    answers: dict[str, Any] = {}
    chosen: dict[str, set[str]] = {}
    unknown = []
    by_code = _codes_by_variable(items)
    for key, value in written.items():
        item = items.get(key) or by_variable.get(key)
        if item is not None:
            answers[item.name] = _stored(item, value)
        elif key in by_code:
            holder, code = by_code[key]
            chosen.setdefault(holder.name, set()).update(
                () if value in _NOT_CHOSEN else (code.value,)
            )
        else:
            unknown.append(key)
    for name, codes in chosen.items():
        if name not in answers:
            answers[name] = _in_order(items[name], codes)
    return Written(answers, tuple(unknown))


def output_variables(item: Item) -> tuple[str, ...]:
    """The variables that the item fills, by the names of the survey of origin where it has any."""
    if isinstance(item, Note):
        return ()
    codes = codes_of(item) if isinstance(item, MultipleChoice) else ()
    of_codes = tuple(code.variable for code in codes if code.variable)
    return ((item.variable,) if item.variable else ()) + of_codes or (item.name,)


def _codes_by_variable(items: Mapping[str, Item]) -> dict[str, tuple[Item, Code]]:
    return {
        code.variable: (item, code)
        for item in items.values()
        if isinstance(item, MultipleChoice)
        for code in item.codes
        if code.variable
    }


def _in_order(item: Item, chosen: set[str]) -> list[str]:
    return [code.value for code in codes_of(item) if code.value in chosen]


def _stored(item: Item, value: Any) -> Any:
    """The answer with codes in place of labels and variables; entries of rosters with a name."""
    if isinstance(item, SingleChoice) and isinstance(value, str):
        return _code(item.codes, value)
    if isinstance(item, MultipleChoice) and isinstance(value, list):
        codes = [_code(item.codes, each) if isinstance(each, str) else each for each in value]
        known = {code.value for code in item.codes}
        if all(isinstance(each, str) and each in known for each in codes):
            return _in_order(item, set(codes)) if len(set(codes)) == len(codes) else codes
        return codes
    if isinstance(item, Roster) and isinstance(value, list):
        return [_entry(item, place, each) for place, each in enumerate(value, 1)]
    return value


def _entry(roster: Roster, place: int, entry: Any) -> Any:
    if not isinstance(entry, dict):
        return entry
    local = {item.name.removeprefix(f"{roster.name}."): item for item in roster.items}
    answers = {
        key: _stored(local[key], value) if key in local else value for key, value in entry.items()
    }
    return {"entry": f"e{place:04d}", **answers}


def _code(codes: tuple[Code, ...], said: str) -> str:
    """The code that is meant; what was said, where it is none."""
    for key in ("value", "variable", "label"):
        for code in codes:
            if getattr(code, key) and getattr(code, key).casefold() == said.strip().casefold():
                return code.value
    return said
