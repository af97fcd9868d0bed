"""Conditions, expressions and answers made by chance, to see whether two evaluators agree."""

from collections.abc import Callable
from random import Random
from typing import Any

from surveys.questionnaire.condition_language import LONGEST_CONDITION, MOST_WORDS
from surveys.questionnaire.conditions import (
    Absolute,
    AllOf,
    Answered,
    AnswerTo,
    AnyOf,
    Arithmetic,
    Chose,
    Compares,
    Condition,
    Count,
    Either,
    Gathered,
    Literally,
    Not,
    Operand,
    Rounded,
)
from tests.conformance.evaluators import Asked

CODES = ["a", "b", "yes", "none", "constructor"]
DATES = ["2024-03-31", "2024-04", "1999-12-31", "2024-03"]
TEXTS = [*CODES, *DATES, "Åse", "x y", "😀"]
NUMBERED = ["n", "m", "k", "money", "parts.new", "row.x.many.men", "r.years", "last.n"]
COUNTED = ["codes", "row.x.scale", "r", "r.scales", "r.years"]
WORDED = ["code", "text", "date", "frame.region", "r.kind", "row.x.scale", "codes"]
ANY = [*NUMBERED, *COUNTED, *WORDED, "nowhere", "parts", "row.x", "money.unit", "r.mix.new"]
EDGES = [
    0,
    -0.0,
    0.5,
    2.5,
    -1.5,
    2.675,
    1.005,
    1e308,
    -1e308,
    5e-324,
    1e-7,
    1e21,
    2**53 + 1,
    10**320,
]
LONGEST, MOST = LONGEST_CONDITION - 100, MOST_WORDS // 4


def made(chance: Random) -> Asked:
    answers = answers_by_chance(chance)
    kind = chance.choice(["condition", "expression"])
    say: Callable[[Random, int], Any] = condition if kind == "condition" else operand
    text = str(say(chance, 3))
    while len(text) > LONGEST or len(text.split()) > MOST:
        text = str(say(chance, 3))
    names = [
        "n",
        "m",
        "k",
        "money",
        "parts",
        "row.x",
        "codes",
        "code",
        "text",
        "r",
        "nowhere",
        "date",
    ]
    return Asked(kind, text, answers, tuple(chance.sample(names, chance.randrange(len(names)))))


def condition(chance: Random, depth: int) -> Condition:
    if depth and chance.random() < 0.6:
        some = tuple(condition(chance, depth - 1) for _ in range(chance.randint(2, 3)))
        return chance.choice([AllOf(some), AnyOf(some), Not(some[0])])
    match chance.randrange(6):
        case 0:
            return Answered(chance.choice(ANY))
        case 1:
            codes = tuple(chance.choices(CODES, k=chance.randint(1, 3)))
            return Chose(chance.choice(WORDED + COUNTED), codes)
        case 2:
            return Compares(worded(chance), comparator(chance), worded(chance))
        case _:
            return Compares(operand(chance, depth), comparator(chance), operand(chance, depth))


def comparator(chance: Random) -> Any:
    return chance.choice(["=", "!=", "<", "<=", ">", ">="])


def worded(chance: Random) -> Operand:
    if chance.random() < 0.5:
        return Literally(chance.choice(TEXTS))
    return AnswerTo(chance.choice(WORDED))


def operand(chance: Random, depth: int) -> Operand:
    if depth <= 0 or chance.random() < 0.3:
        return leaf(chance)
    inner = [operand(chance, depth - 1) for _ in range(3)]
    match chance.randrange(6):
        case 0 | 1:
            return Arithmetic(chance.choice("+-*/"), inner[0], inner[1])  # type: ignore[arg-type]
        case 2:
            members = tuple(inner[: chance.randint(1, 3)])
            return Gathered(chance.choice(["sum", "min", "max"]), members)
        case 3:
            return Rounded(inner[0], chance.randrange(7))
        case 4:
            return Absolute(inner[0])
        case _:
            return Either(condition(chance, depth - 1), inner[0], inner[1])


def leaf(chance: Random) -> Operand:
    match chance.randrange(8):
        case 0:
            return Literally(chance.randint(-20, 20))
        case 1:
            return Literally(round(chance.uniform(-100, 100), chance.randrange(7)))
        case 2:
            return Count(chance.choice(COUNTED))
        case 3:
            return AnswerTo(chance.choice(ANY))
        case _:
            return AnswerTo(chance.choice(NUMBERED))


def answers_by_chance(chance: Random) -> dict[str, Any]:
    """Answers that fit their names, some blank, some absent, some of another shape."""
    whole: dict[str, Any] = {
        "n": number(chance),
        "m": number(chance),
        "k": chance.randint(0, 50),
        "money": {"amount": chance.choice([None, number(chance)]), "unit": "units"},
        "parts": {"new": number(chance), "old": None},
        "row.x": {"scale": codes(chance), "many": {"men": number(chance), "women": None}},
        "codes": codes(chance),
        "code": chance.choice(CODES),
        "text": chance.choice(TEXTS),
        "date": chance.choice(DATES),
        "r": [entry(chance) for _ in range(chance.randint(0, 3))],
        "last.n": number(chance),
        "frame.region": chance.choice(TEXTS),
    }
    for name in chance.sample(sorted(whole), chance.randint(0, 5)):
        whole[name] = chance.choice([None, {"missing": "refused"}, strange(chance)])
    for name in chance.sample(sorted(whole), chance.randint(0, 2)):
        del whole[name]
    return whole


def entry(chance: Random) -> dict[str, Any]:
    whole = {
        "entry": "k3f9",
        "kind": chance.choice([*CODES, None]),
        "years": chance.choice([number(chance), None, {"missing": "dont_know"}]),
        "scales": codes(chance),
        "mix": {"new": number(chance)},
    }
    return {name: whole[name] for name in whole if chance.random() < 0.9}


def codes(chance: Random) -> list[str]:
    return chance.sample(CODES, chance.randint(0, 3))


def number(chance: Random) -> float:
    match chance.randrange(4):
        case 0:
            return chance.choice(EDGES)
        case 1:
            return chance.randint(-1000, 1000)
        case 2:
            return round(chance.uniform(-100, 100), 3)
        case _:
            return chance.uniform(-1, 1) * 10 ** chance.randint(-8, 15)


def strange(chance: Random) -> Any:
    return chance.choice(
        [True, "", [], {}, ["a", 1, None], [[1], 2], {"amount": None}, {"new": {}}, "12", 7, "a"]
    )
