"""Reading plain data key by key, and keeping every problem met on the way."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from surveys.questionnaire.problems import Problem

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_SLUG = re.compile(r"[a-z][a-z0-9-]{0,59}")
_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")


@dataclass(slots=True)
class Ledger:
    """Problems found so far, in the order of the file."""

    problems: list[Problem] = field(default_factory=list)

    def note(self, code: str, where: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(code, where, message, remedy))


@dataclass(frozen=True, slots=True)
class Node:
    """A mapping of the file with the place where it stands."""

    data: dict[str, Any]
    where: str
    ledger: Ledger

    def note(self, code: str, message: str, remedy: str) -> None:
        self.ledger.note(code, self.where, message, remedy)

    def only(self, keys: Iterable[str]) -> None:
        """Note every key that is not among those known here."""
        known = sorted(keys)
        for key in self.data:
            if key not in known:
                close = difflib.get_close_matches(str(key), known, n=1)
                remedy = (
                    f"Did you mean {close[0]}?" if close else f"Known here: {', '.join(known)}."
                )
                self.note("unknown_key", f"The key {str(key)[:80]!r} is not known.", remedy)

    def text(self, key: str, *, needed: bool = False) -> str:
        value = self.data.get(key)
        if isinstance(value, dict | list):
            self.note("wrong_shape", f"{key} is not a text.", "Write it as one text.")
            return ""
        text = "" if value is None else str(value).strip()
        if needed and not text:
            self.note("missing_key", f"{key} is missing.", f"Add {key}.")
        return text

    def short_text(self, key: str, longest: int) -> str:
        """A text that is needed and is stored in a column of bounded width."""
        text = self.text(key, needed=True)
        if len(text) > longest:
            self.note(
                "wrong_shape", f"{key} has {len(text)} characters.", f"Use {longest} or fewer."
            )
        return text

    def name(self, key: str = "name") -> str:
        return self._matching(key, _NAME, "Use lower-case letters, digits and underscores.")

    def slug(self, key: str) -> str:
        return self._matching(key, _SLUG, "Use lower-case letters, digits and hyphens.")

    def _matching(self, key: str, pattern: re.Pattern[str], remedy: str) -> str:
        value = self.text(key, needed=True)
        if value and not pattern.fullmatch(value):
            self.note(
                "bad_name",
                f"{value[:80]!r} cannot be a name.",
                f"{remedy} Begin with a letter; at most 60 characters.",
            )
            return ""
        return value

    def code(self, key: str = "value") -> str:
        value = self.text(key, needed=True)
        if value and not _CODE.fullmatch(value):
            self.note(
                "bad_name",
                f"{value[:80]!r} cannot be a code.",
                "Use lower-case letters, digits and underscores, at most 60.",
            )
        return value

    def number(self, key: str, default: float | None = None) -> float | None:
        value = self.data.get(key, default)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        self.note("bad_number", f"{key} is {value!r}.", "Write a number.")
        return default

    def count(self, key: str, default: int, *, most: int) -> int:
        value = self.number(key, default)
        if value is None or value != int(value) or not 0 <= value <= most:
            self.note("bad_number", f"{key} is {value!r}.", f"Write a whole number, 0 to {most}.")
            return default
        return int(value)

    def flag(self, key: str) -> bool:
        value = self.data.get(key, "no")
        if value in ("yes", "no", True, False):
            return value in ("yes", True)
        self.note("wrong_shape", f"{key} is {value!r}.", "Write yes or no.")
        return False

    def words(self, key: str) -> tuple[str, ...]:
        """A list of names; empty with a note if it is missing, empty or something else."""
        value = self.data.get(key)
        if value is None or value == []:
            self.note("missing_key", f"{key} is missing.", f"Add a list of {key}.")
            return ()
        if not isinstance(value, list) or any(isinstance(word, dict | list) for word in value):
            self.note("wrong_shape", f"{key} is not a list of names.", "Write [one, two].")
            return ()
        return tuple(str(word) for word in value)

    def nodes(self, key: str, *, needed: bool = False) -> list["Node"]:
        """The mappings of a list, each with its place in the file."""
        value = self.data.get(key)
        if value is None:
            if needed:
                self.note("missing_key", f"{key} is missing.", f"Add a list of {key}.")
            return []
        if not isinstance(value, list):
            self.note(
                "wrong_shape", f"{key} is not a list.", "Write one entry a line, with a dash."
            )
            return []
        return [
            node for place, entry in enumerate(value, 1) if (node := self._entry(key, place, entry))
        ]

    def _entry(self, key: str, place: int, entry: Any) -> "Node | None":
        where = f"{self.where} > {key} {place}"
        if not isinstance(entry, dict):
            self.ledger.note(
                "wrong_shape", where, "It is not a mapping.", "Write key: value pairs."
            )
            return None
        name = entry.get("name")
        return Node(
            entry, f"{self.where} > {name}" if isinstance(name, str) else where, self.ledger
        )
