"""What routing an instrument of 1,000 items costs, in milliseconds, as JSON.

    python -m benchmarks.routing [--items 1000] [--repetitions 300]

Four kinds of firm: one that answered everything, one half way, one that has not begun, one that
gave a reason for every blank. A third of the items and half of the pages stand under a condition;
among them are arithmetic, functions, codes, computed items and a roster. Every repetition routes
anew; the instrument's own look-ups are made once, and their cost is `first_ms`. Elapsed times hold
what other programs take of a shared machine, processor times do not: exit code 1 if the median of
the one or the 95th percentile of the other is not under 5 ms for any firm.
"""

import argparse
import json
import statistics
import sys
import time
from typing import Any

from surveys.questionnaire import Instrument, Page, Section, parse_condition, route
from surveys.questionnaire.condition_language import parse_expression
from surveys.questionnaire.conditions import ALWAYS
from surveys.questionnaire.items import (
    Code,
    Computed,
    EntryPage,
    Item,
    Money,
    MultipleChoice,
    Number,
    Roster,
    SingleChoice,
    Text,
)

BAR_MS = 5.0
A_PAGE = 5
CODES = tuple(Code(value, value) for value in ("yes", "no", "maybe"))
CONDITIONS = (
    "c{0} = 'yes' and n{0} > 10",
    "m{0} has 'maybe' or not (n{0} / 2 < 5)",
    "sum(n{0}, n0) > 3 * last.n0 and answered(c{0})",
    "if(c{0} = 'yes', n{0}, 0) >= round(n0 / 3, 1)",
)


def item(number: int) -> Item:
    base = number - number % A_PAGE
    before = max(base - A_PAGE, 0)
    asked = parse_condition(CONDITIONS[number % 4].format(before)) if number % 3 == 1 else ALWAYS
    match number % A_PAGE:
        case 0:
            return Number(name=f"n{number}", label="N")
        case 1:
            return SingleChoice(name=f"c{base}", label="C", codes=CODES)
        case 2:
            return MultipleChoice(name=f"m{base}", label="M", codes=CODES)
        case 3:
            return Money(name=f"a{base}", label="A", universe=asked)
        case _:
            total = parse_expression(f"sum(n{base}, a{base}) / 2")
            return Computed(name=f"t{base}", label="T", expression=total, universe=asked)


def made_instrument(items: int) -> Instrument:
    numbers = range(0, items - 1, A_PAGE)
    pages = [
        Page(
            f"p{start}",
            "P",
            tuple(item(number) for number in range(start, min(start + A_PAGE, items - 1))),
            universe=parse_condition(CONDITIONS[start % 4].format(start - A_PAGE))
            if start and start % 2
            else ALWAYS,
        )
        for start in numbers
    ]
    pages.append(Page("partners", "Partners", (roster(),)))
    return Instrument("made", "1", "Made", "en", (Section("s", "S", tuple(pages)),), {}, "")


def roster() -> Roster:
    asked = parse_condition("partners.name != 'x' and n0 > 1")
    items = (
        Text(name="partners.name", label="N"),
        Number(name="partners.n", label="N", universe=asked),
    )
    return Roster(name="partners", label="R", thing="x", things="x", pages=(EntryPage("P", items),))


def answer(of: Item) -> Any:
    match of:
        case Number():
            return 40
        case SingleChoice():
            return "yes"
        case MultipleChoice():
            return ["no", "maybe"]
        case Money():
            return {"amount": 1000, "unit": "units"}
        case Roster():
            return [{"entry": f"e{place}abc", "name": "A", "n": 3} for place in range(10)]
        case _:
            return None


def firms(instrument: Instrument) -> dict[str, dict[str, Any]]:
    items = [each for each in instrument.items if not isinstance(each, Computed)]
    whole = {each.name: answer(each) for each in items}
    return {
        "all answered": whole,
        "half way": dict(list(whole.items())[: len(whole) // 2]),
        "not begun": {},
        "a reason for every blank": {each.name: {"missing": "refused"} for each in items},
    }


def timed(instrument: Instrument, answers: dict[str, Any], repetitions: int) -> dict[str, Any]:
    known = {"last.n0": 3}
    elapsed, busy = [], []
    for _ in range(repetitions):
        started, worked = time.perf_counter(), time.process_time()
        found = route(instrument, answers, known)
        busy.append((time.process_time() - worked) * 1000)
        elapsed.append((time.perf_counter() - started) * 1000)
    return {
        "pages": len(found.pages),
        "asked": len(found.asked),
        "median_ms": round(statistics.median(elapsed), 3),
        "p95_ms": round(statistics.quantiles(elapsed, n=20)[-1], 3),
        "p95_processor_ms": round(statistics.quantiles(busy, n=20)[-1], 3),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1000)
    parser.add_argument("--repetitions", type=int, default=300)
    wanted = parser.parse_args()
    instrument = made_instrument(wanted.items)
    started = time.perf_counter()
    route(instrument, {})
    first = (time.perf_counter() - started) * 1000
    figures = {
        name: timed(instrument, answers, wanted.repetitions)
        for name, answers in firms(instrument).items()
    }
    held = all(
        max(each["median_ms"], each["p95_processor_ms"]) < BAR_MS for each in figures.values()
    )
    report = {
        "items": len(list(instrument.items)),
        "pages": len(instrument.pages),
        "first_ms": round(first, 3),
        "bar_ms": BAR_MS,
        "held": held,
        "firms": figures,
    }
    print(json.dumps(report, indent=2))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
