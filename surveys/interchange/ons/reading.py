"""Walking through an eq schema without trusting it, and noting what was not taken over."""

from dataclasses import dataclass, field
from typing import Any

from surveys.interchange.imported import Unsupported
from surveys.interchange.problems import UnreadableFile
from surveys.questionnaire.problems import Problem

MOST_PROBLEMS = 50
_MOST_LISTED = 5_000

# Keys that steer the other system only and carry nothing for a firm or a data file.
_OF_THE_SYSTEM = frozenset(
    {
        "id", "type", "theme", "mime_type", "schema_version", "data_version", "survey_id",
        "form_type", "preview_questions", "navigation", "legal_basis", "rows", "collapsible",
        "questionnaire_flow", "region_code", "parent_answer_id", "visible", "width", "suffix",
    }
)  # fmt: skip


@dataclass(slots=True)
class Notes:
    """What is wrong with the schema, and what is kept in another form."""

    problems: list[Problem] = field(default_factory=list)
    unsupported: list[Unsupported] = field(default_factory=list)
    _read: dict[int, tuple["Part", set[str]]] = field(default_factory=dict)

    def keys_read(self, part: "Part") -> set[str]:
        """The keys of the part's object read so far; one set, however often it is visited."""
        return self._read.setdefault(id(part.data), (part, set()))[1]

    def problem(self, code: str, where: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(code, where, message, remedy))

    def kept(self, what: str, where: str, kept_as: str = "nothing") -> None:
        each = Unsupported(what, where, kept_as)
        if len(self.unsupported) < _MOST_LISTED and each not in self.unsupported[-200:]:
            self.unsupported.append(each)

    def refuse_problems(self) -> None:
        """Raise UnreadableFile if there are problems; the first fifty are told."""
        if self.problems:
            raise UnreadableFile(tuple(self.problems[:MOST_PROBLEMS]))

    def note_leftovers(self) -> None:
        """List every key of a part that was looked at and that nothing asked for."""
        for part, keys in self._read.values():
            for key in part.data:
                if key not in keys and key not in _OF_THE_SYSTEM and part.data[key]:
                    self.kept(f"the key “{key[:60]}”", part.where)


@dataclass(frozen=True, slots=True)
class Part:
    """A JSON object of the schema, and where it is. Reading a key marks it as taken over."""

    data: dict[str, Any]
    where: str
    notes: Notes

    def problem(self, code: str, message: str, remedy: str) -> None:
        self.notes.problem(code, self.where, message, remedy)

    def kept(self, what: str, kept_as: str = "nothing") -> None:
        self.notes.kept(what, self.where, kept_as)

    def get(self, key: str) -> Any:
        self.notes.keys_read(self).add(key)
        return self.data.get(key)

    def has(self, key: str) -> bool:
        return self.get(key) is not None

    def word(self, key: str, *, needed: bool = False) -> str:
        """An identifier, a type or another single text; empty where there is none."""
        value = self.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if value is not None and not isinstance(value, str | int | float):
            self._wrong(key, "a text")
        elif value is not None and value != "":
            return str(value)
        elif needed:
            self.problem("missing_part", f"The key {key!r} is missing.", f"Add {key}.")
        return ""

    def flag(self, key: str) -> bool:
        value = self.get(key)
        if value is not None and not isinstance(value, bool):
            self._wrong(key, "true or false")
        return value is True

    def number(self, key: str) -> float | int | None:
        value = self.get(key)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        self._wrong(key, "a number")
        return None

    def part(self, key: str) -> "Part | None":
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, dict):
            return Part(value, f"{self.where} > {key}", self.notes)
        self._wrong(key, "an object")
        return None

    def parts(self, key: str, *, needed: bool = False) -> list["Part"]:
        """The objects of a list, each with its identifier or number as its place."""
        value = self.get(key)
        if value is None:
            if needed:
                self.problem("missing_part", f"The key {key!r} is missing.", f"Add {key}.")
            return []
        if not isinstance(value, list):
            self._wrong(key, "a list")
            return []
        if needed and not value:
            self.problem("missing_part", f"The list {key!r} is empty.", "Add an entry to it.")
        return [part for place, each in enumerate(value, 1) if (part := self._of(key, place, each))]

    def _of(self, key: str, place: int, value: Any) -> "Part | None":
        if not isinstance(value, dict):
            self._wrong(f"{key} {place}", "an object")
            return None
        name = value.get("id")
        label = name[:80] if isinstance(name, str) and name else f"{place}"
        return Part(value, f"{self.where} > {key} {label}", self.notes)

    def _wrong(self, key: str, wanted: str) -> None:
        self.problem("wrong_shape", f"The key {key!r} is not {wanted}.", f"Write {wanted}.")
