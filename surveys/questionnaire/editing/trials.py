"""Made answers of made firms, to see whom a condition would let through."""

import math
import random
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from surveys.questionnaire.answer_checks import facet_applies, local_name, total_of
from surveys.questionnaire.instrument import Instrument, Page
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Computed,
    Date,
    Facet,
    Item,
    Lookup,
    Money,
    MultipleChoice,
    Number,
    Roster,
    Scale,
    Share,
    SingleChoice,
    Text,
    Year,
)
from surveys.questionnaire.offering import offered
from surveys.questionnaire.routing import Route, route
from surveys.questionnaire.value_checks import LARGEST, ROUNDING

_BLANK = 0.05
_TRIES = 200
_FIRST_YEAR, _LAST_YEAR = 1950, 2026
_ANY_TOTAL = 100.0
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def made_routes(instrument: Instrument, *, firms: int, seed: int = 1) -> tuple[Route, ...]:
    """The routes of so many made firms, the same for the same seed.

    Every code and every size of number is given by some firm, so a page that none of many
    firms reaches deserves a look. It says nothing of how often real firms reach it.
    Questions that no condition reads stay without an answer: nothing depends on them.
    """
    chance = random.Random(seed)  # noqa: S311 -- not for secrets
    items = _read_by_conditions(instrument)
    return tuple(route(instrument, _made_answers(items, chance)) for _ in range(firms))


def _made_answers(items: Sequence[Item], chance: random.Random) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for item in items:
        made[item.name] = None if chance.random() < _BLANK else made_answer(item, chance, made)
    return made


def _read_by_conditions(instrument: Instrument) -> tuple[Item, ...]:
    """Items that universes and computed values read, by their name or by a part of them."""
    read = {name for page in instrument.pages for name in page.universe.reads}
    for item in instrument.items:
        read |= item.universe.reads
        if isinstance(item, Computed):
            read |= item.expression.reads
    return tuple(
        item
        for item in instrument.items
        if any(name == item.name or name.startswith(f"{item.name}.") for name in read)
    )


def made_page(
    instrument: Instrument,
    page: Page,
    answers: Mapping[str, Any],
    chance: random.Random,
    known: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A valid answer to every item of the page, each after those that it rests on.

    `answers` are those given so far, `known` what is known beside them. Answers that a hard
    edit of the page refuses are made again; after many tries they are left to the author, who
    sees what the edit says.
    """
    beside = known or {}
    made = _made_once(instrument, page, answers, beside, chance)
    for _ in range(_TRIES):
        if not _is_refused(instrument, page, {**answers, **made}, beside):
            break
        made = _made_once(instrument, page, answers, beside, chance)
    return made


def made_wave(instrument: Instrument, chance: random.Random) -> dict[str, Any]:
    """Made answers of a firm that went through the whole instrument."""
    made: dict[str, Any] = {}
    gone_through: set[str] = set()
    while page := _next_page(route(instrument, made), gone_through):
        made |= made_page(instrument, page, made, chance)
        gone_through.add(page.name)
    return made


def _next_page(way: Route, gone_through: Collection[str]) -> Page | None:
    return next((page for page in way.pages if page.name not in gone_through), None)


def _is_refused(
    instrument: Instrument, page: Page, answers: Mapping[str, Any], known: Mapping[str, Any]
) -> bool:
    hard = [edit for edit in page.edits if edit.severity == "hard"]
    counting = {**known, **route(instrument, answers, known).answers} if hard else {}
    return any(edit.fails_when.holds(counting) for edit in hard)


def _made_once(
    instrument: Instrument,
    page: Page,
    answers: Mapping[str, Any],
    known: Mapping[str, Any],
    chance: random.Random,
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for item in page.items:
        counting = route(instrument, {**answers, **made}, known).answers
        made[item.name] = made_answer(item, chance, {**known, **counting})
    return made


def made_answer(item: Item, chance: random.Random, answers: Mapping[str, Any]) -> Any:
    """A valid answer to the item beside the others; None where there is none."""
    total = total_of(item, answers) if isinstance(item, Allocation) else None
    item = offered(item, answers)
    match item:
        case SingleChoice():
            return chance.choice(item.codes).value if item.codes else None
        case Lookup():
            return chance.choice(item.codes.codes).value if item.codes.codes else None
        case MultipleChoice():
            return _some(item.codes, chance, item.most)
        case Allocation():
            return _parts(item, _ANY_TOTAL if total is None else total, chance)
        case BatteryRow():
            return _row(item, chance)
        case Roster():
            return _entries(item, chance, answers)
        case Text():
            return "Made"[: item.max_length]
        case _:
            return _made_figure(item, chance)


def _made_figure(item: Item, chance: random.Random) -> Any:
    match item:
        case Number():
            return _number(item.minimum, item.maximum, item.decimals, chance)
        case Money():
            return {"amount": _number(item.minimum, item.maximum, 0, chance), "unit": "units"}
        case Share():
            return chance.choice((0, 100, chance.randint(1, 99)))
        case Year():
            first = max(item.minimum, min(_FIRST_YEAR, item.maximum))
            return chance.randint(first, max(first, min(item.maximum, _LAST_YEAR)))
        case Scale():
            return chance.randint(item.minimum, item.maximum)
        case Date():
            return item.minimum or item.maximum or ("2024-06" + "-15" * (item.precision == "day"))
        case _:
            return None


def _some(codes: Sequence[Code], chance: random.Random, most: int | None) -> list[str]:
    exclusive = [code.value for code in codes if code.exclusive]
    if exclusive and chance.random() < 0.2:
        return [chance.choice(exclusive)]
    open_codes = [code.value for code in codes if not code.exclusive]
    wanted = chance.randint(1, max(1, min(most or len(open_codes), len(open_codes))))
    chosen = set(chance.sample(open_codes, min(wanted, len(open_codes))))
    return [value for value in open_codes if value in chosen]


def _number(
    minimum: float | None, maximum: float | None, decimals: int, chance: random.Random
) -> float | None:
    """Spread over orders of magnitude, as sizes of firms are; None if no number fits."""
    fits = 10**decimals
    highest = LARGEST if maximum is None else min(maximum, LARGEST)
    low = min(0.0, highest) if minimum is None else max(minimum, -LARGEST)
    high = min(low + 100_000, highest) if maximum is None else highest
    least, most = math.ceil(low * fits), math.floor(high * fits)
    if least > most:
        return None
    spread: float = (most - least + 1) ** chance.random() - 1
    value: int = min(least + round(spread), most)
    return value / fits if decimals else value


def _parts(item: Allocation, total: float, chance: random.Random) -> dict[str, float] | None:
    """Parts of the total, in hundredths where it is not whole; None if none make it up."""
    fits = 1 if total == round(total) else 100
    whole = math.floor(total * fits + ROUNDING)
    is_reached = item.at_most or abs(whole / fits - total) <= ROUNDING
    if not item.parts or whole < 0 or not is_reached:
        return None
    cuts = sorted(chance.randint(0, whole) for _ in item.parts[1:])
    edges = [0, *cuts, whole]
    sizes: list[float] = [after - before for before, after in pairwise(edges)]
    if fits > 1:
        sizes = [min(size / fits, total) for size in sizes]
    return {part.value: size for part, size in zip(item.parts, sizes, strict=True)}


def _row(item: BatteryRow, chance: random.Random) -> dict[str, Any]:
    """Answers to the facets that the earlier ones leave open."""
    row: dict[str, Any] = {}
    for facet in item.facets:
        row[facet.name] = _facet(facet, chance) if facet_applies(facet, row) else None
    return row


def _facet(facet: Facet, chance: random.Random) -> Any:
    if facet.choose == "one":
        return chance.choice(facet.codes).value if facet.codes else None
    if facet.choose == "many":
        return _some(facet.codes, chance, None)
    bounds = (facet.minimum, facet.maximum, facet.decimals)
    if not facet.codes:
        return _number(*bounds, chance)
    return {code.value: _number(*bounds, chance) for code in facet.codes}


def _entries(
    item: Roster, chance: random.Random, answers: Mapping[str, Any]
) -> list[dict[str, Any]]:
    entries = [
        {"entry": _key(chance), **made_entry(item, chance, answers)}
        for _ in range(chance.randint(0, min(item.most, 3)))
    ]
    naming = item.items[0]
    for number, entry in enumerate(entries, start=1):
        if isinstance(naming, Text):
            entry[local_name(item, naming)] = f"Made {number}"[: naming.max_length]
    return entries


def _key(chance: random.Random) -> str:
    """The key of an entry, which stays with it from wave to wave."""
    return "made" + "".join(chance.choice(_LETTERS) for _ in range(4))


def made_entry(item: Roster, chance: random.Random, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of one entry by local name."""
    made: dict[str, Any] = {}
    for each in item.items:
        made[each.name] = made_answer(each, chance, {**answers, **made})
    return {local_name(item, each): made[each.name] for each in item.items}
