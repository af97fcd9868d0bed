"""Reading plain data key by key, and keeping every problem met on the way."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from surveys.questionnaire.problems import About, Problem

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_SLUG = re.compile(r"[a-z][a-z0-9-]{0,59}")
_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")
LARGEST_NUMBER = 10**15
BEFORE_ANSWERS = ("last", "frame")  # ``last.item`` and ``frame.region`` are no items


@dataclass(slots=True)
class Ledger:
    """Problems found so far, in the order of the file."""

    problems: list[Problem] = field(default_factory=list)

    def note(
        self, code: str, where: str, message: str, remedy: str, about: About | None = None
    ) -> None:
        self.problems.append(Problem(code, where, message, remedy, about or About()))


@dataclass(frozen=True, slots=True)
class Node:
    """A mapping of the file with the place where it stands."""

    data: dict[str, Any]
    where: str
    ledger: Ledger

    def note(
        self,
        code: str,
        message: str,
        remedy: str,
        *,
        why: str = "",
        key: str = "",
        values: Iterable[object] = (),
    ) -> None:
        about = About(why, key, tuple(str(value)[:200] for value in values))
        self.ledger.note(code, self.where, message, remedy, about)

    def only(self, keys: Iterable[str]) -> None:
        """Note every key that is not among those known here."""
        known = sorted(keys)
        for key in self.data:
            if key not in known:
                close = difflib.get_close_matches(str(key), known, n=1)
                remedy = (
                    f"Did you mean {close[0]}?" if close else f"Known here: {', '.join(known)}."
                )
                self.note(
                    "unknown_key",
                    f"The key {str(key)[:80]!r} is not known.",
                    remedy,
                    key=str(key),
                    values=(key,),
                )

    def text(self, key: str, *, needed: bool = False) -> str:
        value = self.data.get(key)
        if isinstance(value, dict | list):
            self.note(
                "wrong_shape",
                f"{key} is not a text.",
                "Write it as one text.",
                why="not_text",
                key=key,
            )
            return ""
        text = "" if value is None else str(value).strip()
        if needed and not text:
            self.note("missing_key", f"{key} is missing.", f"Add {key}.", key=key)
        return text

    def short_text(self, key: str, longest: int) -> str:
        """A text that is needed and is stored in a column of bounded width."""
        text = self.text(key, needed=True)
        if len(text) > longest:
            self.note(
                "wrong_shape",
                f"{key} has {len(text)} characters.",
                f"Use {longest} or fewer.",
                why="too_long",
                key=key,
                values=(len(text), longest),
            )
        return text

    def name(self, key: str = "name") -> str:
        return self._matching(key, _NAME, "Use lower-case letters, digits and underscores.", "name")

    def item_name(self) -> str:
        name = self.name()
        if name in BEFORE_ANSWERS:
            self.note(
                "bad_name",
                f"An item cannot be called {name!r}.",
                "Conditions read answers of the last wave and of the frame under it; rename it.",
                why="reserved",
                key="name",
                values=(name,),
            )
        return name

    def slug(self, key: str) -> str:
        return self._matching(key, _SLUG, "Use lower-case letters, digits and hyphens.", "slug")

    def _matching(self, key: str, pattern: re.Pattern[str], remedy: str, why: str) -> str:
        value = self.text(key, needed=True)
        if value and not pattern.fullmatch(value):
            self.note(
                "bad_name",
                f"{value[:80]!r} cannot be a name.",
                f"{remedy} Begin with a letter; at most 60 characters.",
                why=why,
                key=key,
                values=(value,),
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
                why="code",
                key=key,
                values=(value,),
            )
        return value

    def number(self, key: str, default: float | None = None) -> float | None:
        value = self.data.get(key, default)
        if value is None:
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            if abs(value) <= LARGEST_NUMBER:
                return value
            self.note(
                "bad_number",
                f"{key} is too large.",
                "Write a number of 15 digits or less.",
                why="too_large",
                key=key,
            )
            return default
        self.note(
            "bad_number",
            f"{key} is {str(value)[:80]!r}.",
            "Write a number.",
            why="no_number",
            key=key,
            values=(value,),
        )
        return default

    def count(self, key: str, default: int, *, most: int) -> int:
        return self.whole(key, default, least=0, most=most)

    def whole(self, key: str, default: int, *, least: int, most: int) -> int:
        """A whole number between the two, below 0 where `least` is."""
        value = self.number(key, default)
        if value is None or value != int(value) or not least <= value <= most:
            self.note(
                "bad_number",
                f"{key} is {str(value)[:80]}.",
                f"Write a whole number, {least} to {most}.",
                why="not_whole",
                key=key,
                values=(value, least, most),
            )
            return default
        return int(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self.data.get(key, default)
        if isinstance(value, bool) or value in ("yes", "no"):
            return value in ("yes", True)
        self.note(
            "wrong_shape",
            f"{key} is {str(value)[:80]!r}.",
            "Write yes or no.",
            why="not_yes_no",
            key=key,
            values=(value,),
        )
        return default

    def one_of(self, key: str, words: Iterable[str], default: str = "") -> str:
        """One of the words; the default, with a note, if it is another."""
        known = tuple(words)
        value = self.text(key) or default
        if value in known or not value:
            return value
        self.note(
            "wrong_shape",
            f"{key} is {value[:80]!r}.",
            f"Write {' or '.join(known)}.",
            why="not_offered",
            key=key,
            values=(value, *known),
        )
        return default

    def mapping(self, key: str) -> dict[str, Any]:
        """A mapping; empty, with a note, if it is something else."""
        value = self.data.get(key)
        if value is None or isinstance(value, dict):
            return value or {}
        self.note(
            "wrong_shape",
            f"{key} is not a mapping.",
            "Write key: value pairs.",
            why="not_pairs",
            key=key,
        )
        return {}

    def words(self, key: str) -> tuple[str, ...]:
        """A list of names; empty with a note if it is missing, empty or something else."""
        value = self.data.get(key)
        if value is None or value == []:
            self.note("missing_key", f"{key} is missing.", f"Add a list of {key}.", key=key)
            return ()
        if not isinstance(value, list) or any(isinstance(word, dict | list) for word in value):
            self.note(
                "wrong_shape",
                f"{key} is not a list of names.",
                "Write [one, two].",
                why="not_words",
                key=key,
            )
            return ()
        return tuple(str(word) for word in value)

    def nodes(self, key: str, *, needed: bool = False) -> list["Node"]:
        """The mappings of a list, each with its place in the file."""
        value = self.data.get(key)
        if value is None:
            if needed:
                self.note("missing_key", f"{key} is missing.", f"Add a list of {key}.", key=key)
            return []
        if not isinstance(value, list):
            self.note(
                "wrong_shape",
                f"{key} is not a list.",
                "Write one entry a line, with a dash.",
                why="not_rows",
                key=key,
            )
            return []
        return [
            node for place, entry in enumerate(value, 1) if (node := self._entry(key, place, entry))
        ]

    def _entry(self, key: str, place: int, entry: Any) -> "Node | None":
        where = f"{self.where} > {key} {place}"
        if not isinstance(entry, dict):
            self.ledger.note(
                "wrong_shape",
                where,
                "It is not a mapping.",
                "Write key: value pairs.",
                About("not_rows"),
            )
            return None
        name = entry.get("name")
        return Node(
            entry, f"{self.where} > {name}" if isinstance(name, str) else where, self.ledger
        )
