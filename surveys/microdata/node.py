"""Reading the keys of one level of a mapping, with a problem for each that is wrong."""

import difflib
import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from surveys.microdata.problems import ProblemList

_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?", re.ASCII)


def as_number(text: str) -> float | None:
    """The number that a text writes with a decimal point; None if it writes none."""
    if _NUMBER.fullmatch(text) is None:
        return None
    number = float(text)
    return number if math.isfinite(number) else None


@dataclass(frozen=True, slots=True)
class Node:
    """One level of the document: its keys, where it stands, and where problems go."""

    keys: dict[str, Any]
    where: str
    problems: ProblemList

    def problem(self, key: str, message: str, remedy: str, code: str = "mapping_value") -> None:
        """Note a problem of one key, or of the level itself where the key is empty."""
        place = f"{self.where}, “{key}”" if key else self.where
        self.problems.add(code, f"{place}: {message}", remedy)

    def refuse_unknown(self, known: Collection[str]) -> None:
        """Note every key that means nothing here, with the one that was probably meant."""
        for key in self.keys:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                remedy = f"Did you mean “{near[0]}”?" if near else f"Known: {', '.join(known)}."
                self.problem(key, "is not a key that is known here.", remedy, "mapping_key")

    def text(self, key: str, *, required: bool = False, default: str = "") -> str:
        """The text under a key; the default, with a problem, for a list or a mapping."""
        value = self.keys.get(key, default)
        if not isinstance(value, str):
            self.problem(key, "must be one text.", f"Write “{key}: …” on one line.")
            return default
        if required and not value.strip():
            self.problem(key, "is missing.", f"Add “{key}: …”.", "mapping_missing")
        return value.strip() if required else value

    def one_of(self, key: str, choices: Collection[str], default: str) -> str:
        """The choice under a key; the default, with a problem, for any other word."""
        value = self.text(key, default=default)
        if value not in choices:
            self.problem(key, f"“{value}” is not known.", f"Choose from {', '.join(choices)}.")
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """One text or a list of them."""
        value = self.keys.get(key, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(entry, str) for entry in listed):
            self.problem(key, "must be one name or a list of names.", f"Write “{key}: [a, b]”.")
            return ()
        return tuple(entry for entry in listed if entry)

    def number(self, key: str) -> float | None:
        """The number under a key; None without one."""
        if key not in self.keys:
            return None
        number = as_number(self.text(key))
        if number is None:
            self.problem(key, f"“{self.keys[key]}” is not a number.", "Write a plain number.")
        return number

    def pair(self, key: str, example: str) -> tuple[str, str] | None:
        """The two texts under a key; None, with a problem, if there are not two."""
        value = self.keys.get(key)
        if not (
            isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) for v in value)
        ):
            self.problem(key, "must be a first and a last.", f"Write “{key}: {example}”.")
            return None
        return value[0], value[1]

    def years(self, key: str) -> tuple[int, int]:
        """First and last calendar year; zeros, with a problem, for anything else."""
        pair = self.pair(key, "[2012, 2014]")
        if pair is None:
            return 0, 0
        if (
            not all(re.fullmatch(r"[12]\d{3}", year, re.ASCII) for year in pair)
            or pair[0] > pair[1]
        ):
            self.problem(
                key, f"{pair[0]} to {pair[1]} is no period of years.", "Write [2012, 2014]."
            )
            return 0, 0
        return int(pair[0]), int(pair[1])

    def dates(self, key: str) -> tuple[date, date]:
        """First and last day; the earliest date, with a problem, for anything else."""
        pair = self.pair(key, "[2015-03-01, 2015-09-30]")
        if pair is None:
            return date.min, date.min
        try:
            first, last = date.fromisoformat(pair[0]), date.fromisoformat(pair[1])
        except ValueError:
            first, last = date.max, date.min
        if first > last:
            self.problem(
                key, f"{pair[0]} to {pair[1]} is no period.", "Write [2015-03-01, 2015-09-30]."
            )
            return date.min, date.min
        return first, last

    def level(self, key: str) -> "Node":
        """The mapping of keys under a key; empty, with a problem, if it is none."""
        value = self.keys.get(key, {})
        place = f"{self.where}, “{key}”"
        if not isinstance(value, dict):
            self.problem(key, "must hold keys of its own.", "Indent them under it.")
            value = {}
        return Node(value, place, self.problems)
