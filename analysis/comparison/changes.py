"""What differs between two runs beside their numbers: data, plan, code."""

import base64
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analysis.comparison.content import Content
from analysis.disclosure.rules import DisclosurePolicy

# Counts of firms below it are not told: whoever knows the firms could tell which they are.
FEWEST_TOLD = DisclosurePolicy().least_difference
_MARK_BYTES = (6, 4, 4)
_NAMES_OF_FACTS = {
    "wave_title": "Wave",
    "reference_period": "Reference period",
    "instrument": "Instrument",
    "n_sampled": "Firms drawn",
    "n_responding": "Firms in the extract",
    "n_strata": "Strata",
    "weighting": "Published weights",
    "source": "Source",
}

Origin = Mapping[str, Any]
Kind = Literal["kept", "added", "removed", "gap"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing of which both runs tell; ``is_changed`` if they tell something else."""

    words: str
    first: str
    second: str

    @property
    def is_changed(self) -> bool:
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plan's text: kept, added by the second, or removed; or a gap of kept ones."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Firms:
    """Firms that came and went, in words; None where the runs did not keep it."""

    added: str
    left: str
    answers_changed: str
    weights_changed: str


def facts_of_data(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[Fact, ...]:
    """What both runs say of where their data are from."""
    return tuple(
        Fact(words, _in_words(first.get(key)), _in_words(second.get(key)))
        for key, words in _NAMES_OF_FACTS.items()
        if first.get(key) or second.get(key)
    )


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {entry}" for key, entry in value.items())
    return "–" if value in (None, "") else str(value)


def firms_between(first: Origin | None, second: Origin | None) -> Firms | None:
    """How many firms were added and left, and of how many answers or weights changed.

    Pseudonyms are of a wave: only runs on the same wave can be held against each other so.
    """
    before, after = _marks(first), _marks(second)
    if before is None or after is None:
        return None
    both = before.keys() & after.keys()
    return Firms(
        added=told_count(len(after.keys() - before.keys())),
        left=told_count(len(before.keys() - after.keys())),
        answers_changed=told_count(sum(before[key][1] != after[key][1] for key in both)),
        weights_changed=told_count(sum(before[key][0] != after[key][0] for key in both)),
    )


def told_count(count: int) -> str:
    """The count, unless it is so small that it could tell of single firms."""
    return f"fewer than {FEWEST_TOLD}" if 0 < count < FEWEST_TOLD else str(count)


def _marks(origin: Origin | None) -> dict[bytes, tuple[bytes, bytes]] | None:
    text = None if origin is None else origin["extract"].get("marks")
    if text is None:
        return None
    content, size = base64.b64decode(text), sum(_MARK_BYTES)
    name, weight = _MARK_BYTES[0], _MARK_BYTES[0] + _MARK_BYTES[1]
    rows = (content[at : at + size] for at in range(0, len(content), size))
    return {row[:name]: (row[name:weight], row[weight:]) for row in rows}


@dataclass(frozen=True, slots=True)
class Codebook:
    """Variables added and removed, and what changed of those that stayed."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[tuple[str, str], ...]


def codebook_between(first: Origin | None, second: Origin | None) -> Codebook | None:
    """None where one of the runs did not keep its codebook."""
    if first is None or second is None:
        return None
    before, after = first["extract"]["codebook"], second["extract"]["codebook"]
    return Codebook(
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after),
        changed=tuple(
            (name, ", ".join(_DESCRIBED[key] for key in _differ(before[name], after[name])))
            for name in before
            if name in after and _differ(before[name], after[name])
        ),
    )


_DESCRIBED = {"measure": "kind", "label": "words", "unit": "unit", "codes": "codes"}


def _differ(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return [key for key in _DESCRIBED if one.get(key) != other.get(key)]


def facts_of_code(
    fingerprints: tuple[str, str], first: Origin | None, second: Origin | None
) -> tuple[Fact, ...]:
    """Fingerprints of the code and, where the runs kept them, versions."""
    facts = [Fact("Fingerprint of the code", *fingerprints)]
    codes = [{} if each is None else each["code"] for each in (first, second)]
    for key, words in (("milieu", "Milieu"), ("commit", "Commit"), ("python", "Python")):
        facts.append(Fact(words, *(_in_words(code.get(key)) for code in codes)))
    packages = [code.get("packages", {}) for code in codes]
    named = dict.fromkeys([*packages[0], *packages[1]])
    versions = [Fact(name, *(_in_words(each.get(name)) for each in packages)) for name in named]
    return (*facts, *versions)


def text_between(first: str, second: str, *, around: int = 2) -> tuple[Line, ...]:
    """Lines of a plan that were removed and added, with a few of those around them."""
    found: list[Line] = []
    lines = first.splitlines(), second.splitlines()
    for line in list(difflib.unified_diff(*lines, lineterm="", n=around))[2:]:
        kind: Kind = _KINDS.get(line[:1], "kept")
        if kind == "gap" and not found:
            continue
        found.append(Line(kind, "" if kind == "gap" else line[1:]))
    return tuple(found)


_KINDS: Mapping[str, Kind] = {"@": "gap", "+": "added", "-": "removed"}


@dataclass(frozen=True, slots=True)
class Specifications:
    """Specifications of two plans by what they say: names of the same, new, changed and gone."""

    same: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    changed: tuple[str, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]


def specifications_between(first: Sequence[Content], second: Sequence[Content]) -> Specifications:
    """A specification is changed if both plans have one of its kind and name that differ."""
    before = {(each.kind, each.fingerprint): each for each in first}
    after = {(each.kind, each.fingerprint): each for each in second}
    kept = [(before[key], after[key]) for key in before if key in after]
    lone = {(each.kind, each.name) for key, each in before.items() if key not in after}
    fresh = {(each.kind, each.name) for key, each in after.items() if key not in before}
    ordered_lone = [e for key, e in before.items() if key not in after]
    ordered_fresh = [e for key, e in after.items() if key not in before]
    return Specifications(
        same=tuple(one.name for one, other in kept if one.name == other.name),
        renamed=tuple((one.name, other.name) for one, other in kept if one.name != other.name),
        changed=tuple(e.name for e in ordered_fresh if (e.kind, e.name) in lone),
        new=tuple(e.name for e in ordered_fresh if (e.kind, e.name) not in lone),
        gone=tuple(e.name for e in ordered_lone if (e.kind, e.name) not in fresh),
    )
