"""The made firms of two waves: their lists as files, who answers, and what they type.

Everything follows from a seed. The second list is the first a while later: firms are gone,
new, and some have grown or shrunk into another size class.
"""

import csv
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.respondents_field import typed
from benchmarks.two_waves_servers import REFUSED
from surveys import questionnaire
from surveys.demonstration import (
    INDUSTRIES,
    REGIONS,
    SIZE_CLASSES,
    Firm,
    Population,
    answers_of,
    firm_names,
    firm_of,
    make_population,
)
from surveys.questionnaire.instrument import Instrument

COLUMNS = (
    "Register id", "Firm name", "NACE", "Sector", "Region", "Size class", "Employees",
    "Contact person", "E-mail", "Telephone", "Address", "Founded",
)  # fmt: skip
_CLASSES = dict(zip(SIZE_CLASSES, ("10-49", "50-249", "250+"), strict=True))
_BOUNDS = (10, 50, 250)
_NACE = {
    "high-tech goods": ("21.20", "26.11", "26.51", "30.30"),
    "other goods": ("10.71", "16.10", "25.62", "31.09"),
    "knowledge services": ("62.01", "71.12", "72.19", "73.20"),
    "other services": ("46.69", "49.41", "55.10", "56.10"),
}
_NUTS = dict(zip(REGIONS, ("NO08", "NO0A", "NO02"), strict=True))
_PEOPLE = ("Kari Nord", "Ola Lie", "Anne Berg", "Per Dahl", "Ingrid Moe", "Jon Vik")
_SEED = 2026
LAST_YEARS = {1: 2023, 2: 2025}
_NAMED_AT_ONCE = 40_000  # as many different names as there are, and some to spare
_DEATHS, _BIRTHS, _GROW = 0.05, 0.04, 0.06
_NO_MAILBOX = 0.01
_ANSWERS = {"10-49": 0.58, "50-249": 0.52, "250+": 0.44}
"""Chance to answer by size class: large firms are asked a lot."""
_LATE, _BREAKS_OFF = 0.2, 0.06

Row = tuple[str, ...]


@dataclass(frozen=True)
class Firms:
    """The firms of both lists; those after the first `first` are born between them."""

    first: int

    @cached_property
    def population(self) -> Population:
        return make_population(_SEED, firms=self.first + round(self.first * _BIRTHS))

    @cached_property
    def names(self) -> list[str]:
        industries = [INDUSTRIES[place] for place in self.population.industry]
        starts = range(0, len(industries), _NAMED_AT_ONCE)
        return [
            name
            for start in starts
            for name in firm_names(_SEED + start, industries[start : start + _NAMED_AT_ONCE])
        ]

    @cached_property
    def _fate(self) -> np.ndarray:
        """(N,) uniform numbers that decide what becomes of each firm between the lists."""
        return np.random.default_rng([_SEED, 9]).random(len(self.population.employees))

    def numbers(self, wave: int) -> Sequence[int]:
        """The firms on the list of wave 1 or 2."""
        if wave == 1:
            return range(self.first)
        alive = self._fate[: self.first] >= _DEATHS
        return [*np.flatnonzero(alive).tolist(), *range(self.first, len(self._fate))]

    def employees(self, number: int, wave: int) -> int:
        """Some of the firms that live on have doubled, or are half as large; ten at least."""
        before = int(self.population.employees[number])
        fate = self._fate[number]
        if wave == 1 or number >= self.first or fate >= _DEATHS + _GROW:
            return before
        return before * 2 if fate < _DEATHS + _GROW / 2 else max(_BOUNDS[0], before // 2)

    def size_class(self, number: int, wave: int) -> str:
        at = sum(self.employees(number, wave) >= bound for bound in _BOUNDS) - 1
        return _CLASSES[SIZE_CLASSES[at]]

    def has_no_mailbox(self, number: int) -> bool:
        return self._chance("mail", number).random() < _NO_MAILBOX

    def write_list(self, path: Path, wave: int) -> None:
        with path.open("w", newline="", encoding="utf-8") as file:
            lines = csv.writer(file)
            lines.writerow(COLUMNS)
            lines.writerows(self._row(number, wave) for number in self.numbers(wave))

    def changes(self) -> dict[str, int]:
        """What a comparison of the lists must find."""
        second = set(self.numbers(2))
        stayed = [number for number in range(self.first) if number in second]
        moved = sum(self.size_class(n, 1) != self.size_class(n, 2) for n in stayed)
        deaths = self.first - len(stayed)
        return {"births": len(second) - len(stayed), "deaths": deaths, "moved": moved}

    def visit(self, number: int, wave: int, start: str, instrument: Instrument) -> dict[str, Any]:
        """What the load generator is told of the firm's visit to the link of its e-mail."""
        answers = self.given(number, wave, instrument)
        pages = [page.name for page in questionnaire.route(instrument, answers).pages]
        told: dict[str, Any] = {
            "number": number,
            "start": start,
            "pages": {page.name: typed(page, answers) for page in instrument.pages},
        }
        if self.breaks_off(number, wave):
            told["leaves_at"] = pages[self._chance("leaves", wave, number).randrange(2, len(pages))]
        return told

    def answers(self, number: int, wave: int) -> bool:
        """Whether the firm answers at all, breaking off or not."""
        chance = self._chance("answers", wave, number).random()
        return chance < _ANSWERS[self.size_class(number, wave)] + _BREAKS_OFF

    def is_late(self, number: int, wave: int) -> bool:
        """Whether the firm waits for a reminder."""
        return self._chance("late", wave, number).random() < _LATE

    def breaks_off(self, number: int, wave: int) -> bool:
        chance = self._chance("answers", wave, number).random()
        return chance >= _ANSWERS[self.size_class(number, wave)]

    def given(self, number: int, wave: int, instrument: Instrument) -> dict[str, Any]:
        """Only those that count: a browser shows no field of what does not apply."""
        last_year = LAST_YEARS[wave]
        firm: Firm = firm_of(self.population, number, _SEED + wave)
        firm = replace(firm, employees=self.employees(number, wave))
        told = answers_of(firm, first_year=last_year - 2, last_year=last_year)
        return dict(questionnaire.route(instrument, told).answers)

    def _row(self, number: int, wave: int) -> Row:
        industry = INDUSTRIES[self.population.industry[number]]
        region = REGIONS[self.population.region[number]]
        box = REFUSED if self.has_no_mailbox(number) else f"post{number}"
        return (
            register_id(number),
            self.names[number],
            _NACE[industry][number % 4],
            industry.capitalize(),
            _NUTS[region],
            self.size_class(number, wave),
            str(self.employees(number, wave)),
            _PEOPLE[number % len(_PEOPLE)],
            f"{box}@firm{number}.example",
            f"+47 55 {number:06}",
            f"Storgata {1 + number % 90}, {1000 + number % 8999} {region.capitalize()}",
            str(1950 + number % 70),
        )

    @staticmethod
    def _chance(*about: object) -> random.Random:
        return random.Random(f"{_SEED} {about}")  # noqa: S311 -- made data, to be repeated


def register_id(number: int) -> str:
    return f"9{number:08}"


def number_of(address: str) -> int:
    """The number of the firm whose e-mail address that is."""
    return int(address.partition("@firm")[2].removesuffix(".example"))


def links_of(taken: Iterable[tuple[str, Any]]) -> Iterator[tuple[int, str]]:
    """Number of the firm and the path of its link, of every e-mail that has one."""
    for address, message in taken:
        text = next(part for part in message.walk() if part.get_content_type() == "text/plain")
        for word in text.get_payload(decode=True).decode().split():
            if "/answer/" in word:
                yield number_of(address), f"/answer/{word.partition('/answer/')[2]}"
