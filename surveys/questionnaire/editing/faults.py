"""Where in an authored document a problem can be solved: the place, and the keys within it.

The compiler says where in words, ``instrument > size > persons > codes 2``, and for what only
the whole instrument tells by name, ``item persons``. Here both become a place and a path of
keys and positions, ``("codes", 1, "value")``, which a form can be opened at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from surveys.questionnaire.editing.places import Document, Place, children, node_at, walk
from surveys.questionnaire.problems import About, Problem

Path = tuple[str | int, ...]

_DEPTHS = {"section": 1, "page": 2, "item": 3}
_CHILDREN = ("sections", "pages", "items")
_LISTS = ("codes", "rows", "parts", "facets", "groups", "edits", "code_lists", "bind")
_CONDITIONS = ("bad_condition", "unknown_item", "unknown_code", "reads_ahead", "type_mismatch")
_QUOTING = ("fill", "label", "note", "roster")


@dataclass(frozen=True, slots=True)
class Fault:
    """The place of a problem, and the way from there to the value at fault; empty for all of it."""

    place: Place
    path: Path = ()


class Locator:
    """Finds faults in one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.named: dict[tuple[int, str], list[Place]] = {}
        for place, node in walk(document):
            self.named.setdefault((len(place), str(node.get("name", ""))), []).append(place)

    def find(self, problem: Problem) -> Fault:
        place, steps = self._reached(problem)
        node = node_at(self.document, place)
        path = _path(node, steps)
        about = problem.about
        if about.why in _QUOTING and about.values:
            text = about.values[0]
            return self._quoting(place, text) or self._quoting((), text) or Fault(place, path)
        if about.why == "row_title":
            return Fault(place, ("rows", *_named(node, ("rows",), about.values[0])[1:], "title"))
        if about.why == "code" and problem.code == "duplicate_name":
            return Fault(place, (*path, *_second(node, path, about)))
        if about.key == "when" and problem.code in (*_CONDITIONS, "unreachable"):
            names = about.values[:1] if problem.code != "unreachable" else ()
            return self._condition(place, path, "".join(names))
        if about.key and path[-1:] != (about.key,):
            path = (*path, about.key)
        return Fault(place, path)

    def _reached(self, problem: Problem) -> tuple[Place, list[str]]:
        """The deepest place on the way of words, and the words that are left."""
        words = [part.strip() for part in problem.where.split(" > ")]
        kind, _, name = words[0].partition(" ")
        if kind in _DEPTHS and name:
            place, left = self._by_name(_DEPTHS[kind], name, problem.code == "duplicate_name")
            return self._deeper(place, left + words[1:])
        if words[0] == "instrument":
            return self._deeper((), words[1:])
        return (), [] if words[0] == "translations" else words

    def _by_name(self, depth: int, name: str, last: bool) -> tuple[Place, list[str]]:
        """By name; what follows the name of a battery, a choice or a roster is left."""
        found = self.named.get((depth, name))
        if found:
            return found[-1 if last else 0], []
        holder, mark, rest = name.partition("-" if depth == 2 else ".")
        found = self.named.get((depth, holder))
        left = [rest] if mark and depth == 3 else []
        return (found[0], left) if found else ((), [name])

    def _deeper(self, place: Place, words: list[str]) -> tuple[Place, list[str]]:
        while words:
            below = self._child(place, words[0])
            if below is None:
                break
            place, words = below, words[1:]
        return place, words

    def _child(self, place: Place, word: str) -> Place | None:
        below = children(node_at(self.document, place), len(place))
        key, _, number = word.partition(" ")
        if key in _CHILDREN and number.isdigit() and 0 < int(number) <= len(below):
            here = (*place, int(number) - 1)
            return here if len(place) != 3 or key == "pages" else (*place, 0, int(number) - 1)
        for position, child in enumerate(below):
            if word in (child.get("name"), child.get("title") if len(place) == 3 else None):
                return (*place, position)
        return self._entry_item(place, word) if len(place) == 3 else None

    def _entry_item(self, roster: Place, word: str) -> Place | None:
        """An item of an entry, which is named without the page that it stands on."""
        found = (
            each
            for each in self.named.get((5, word), [])
            if each[:3] == roster  # the name may stand in another roster, too
        )
        return next(found, None)

    def _quoting(self, place: Place, text: str) -> Fault | None:
        """The first text, from the place down, that holds the words."""
        node = node_at(self.document, place)
        for path in _holding(node, text, len(place)):
            return Fault(place, path)
        for position, _ in enumerate(children(node, len(place))):
            if found := self._quoting((*place, position), text):
                return found
        return None

    def _condition(self, place: Place, path: Path, reads: str) -> Fault:
        """The condition that reads it: of the part, of the place, or of what the place lies in."""
        if path and path[-1] != "when" and self._reads(place, (*path, "when"), reads):
            return Fault(place, (*path, "when"))
        for depth in range(len(place), 0, -1):
            for key in ("when", "expression"):
                if self._reads(place[:depth], (key,), reads):
                    return Fault(place[:depth], (key,))
        for here, node in walk(self.document):
            if reads and here[: len(place)] == place:
                for way in _holding(node, reads, len(here)):
                    if way[-1] == "when":
                        return Fault(here, way)
        return Fault(place, (*path, "when") if path[-1:] != ("when",) else path)

    def _reads(self, place: Place, path: Path, text: str) -> bool:
        value: Any = node_at(self.document, place)
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return False
        return isinstance(value, str) and text in value


def _path(node: Mapping[str, Any], words: list[str]) -> Path:
    """The words as keys and positions: ``facets 2``, ``row fairs``, or a name among the lists."""
    path: Path = ()
    holder: Any = node
    for word in words:
        key, _, rest = word.partition(" ")
        step: Path
        if word == "bind":
            path, step, holder = (), (word,), node  # of the whole item, also where a row says it
        elif key == "row" and rest:
            step = _named(holder, ("rows",), rest)
        elif isinstance(holder, Mapping) and word in holder:
            step = (word,)
        elif rest.isdigit() and isinstance(holder, Mapping) and key in holder:
            step = (key, int(rest) - 1)
        elif rest and isinstance(holder, Mapping) and key in holder:
            step = (key, rest)
        else:
            step = _named(holder, _LISTS, word)
        for part in step:
            holder = _within(holder, part)
        path += step
    return path


def _second(node: Mapping[str, Any], path: Path, about: About) -> Path:
    """The last entry with the code that stands twice."""
    holder: Any = node
    for step in path:
        holder = _within(holder, step)
    entries = _within(holder, about.key)
    places = [
        position
        for position, entry in enumerate(entries if isinstance(entries, list) else [])
        if isinstance(entry, Mapping) and str(entry.get("value")) in about.values
    ]
    return (about.key, *places[-1:], "value")


def _within(holder: Any, step: str | int) -> Any:
    try:
        return holder[step]
    except (KeyError, IndexError, TypeError):
        return None


def _named(holder: Any, keys: tuple[str, ...], name: str) -> Path:
    """The list and position of the entry of that name or value; the list alone without it."""
    for key in keys:
        entries = holder.get(key) if isinstance(holder, Mapping) else None
        for position, entry in enumerate(entries if isinstance(entries, list) else []):
            if isinstance(entry, Mapping) and name in (
                str(entry.get("name")),
                str(entry.get("value")),
            ):
                return (key, position)
    return ()


def _holding(node: Any, text: str, depth: int) -> Iterator[Path]:
    """Ways to the texts of the node that hold the words, leaving out what lies at places below."""
    steps: Iterator[tuple[str | int, Any]]
    if isinstance(node, Mapping):
        steps = ((key, value) for key, value in node.items() if not _is_below(key, depth))
    elif isinstance(node, list):
        steps = iter(enumerate(node))
    else:
        return
    for step, value in steps:
        if isinstance(value, str) and text in value and step not in ("name", "value"):
            yield (step,)
        else:
            yield from ((step, *path) for path in _holding(value, text, _INSIDE))


_INSIDE = -1


def _is_below(key: str, depth: int) -> bool:
    if depth == 0 and key == "translations":
        return True
    return depth >= 0 and key == ("sections", "pages", "items", "pages", "items", "")[depth]
