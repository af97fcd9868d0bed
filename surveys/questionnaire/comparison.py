"""Two versions of an instrument, variable by variable, and what may be pooled across waves."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from surveys.questionnaire.comparison_facts import Facts, facts_of
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.translations import languages_of, texts_in

ChangeKind = Literal["same", "reworded", "rerouted", "recoded", "new", "dropped"]
Poolable = Literal["yes", "with_care", "for_firms_asked_in_both", "no"]

KINDS: tuple[ChangeKind, ...] = ("same", "reworded", "rerouted", "recoded", "new", "dropped")
_POOLABLE: tuple[Poolable, ...] = ("yes", "with_care", "for_firms_asked_in_both", "no")
_LABELS = ("label", "period", "label of the facet", "label of the part")


@dataclass(frozen=True, slots=True)
class Detail:
    """One difference: of which kind, in what, and what stood and stands there."""

    kind: ChangeKind
    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class VariableChange:
    """What became of one variable.

    `kind` is the gravest of the kinds of its details; `poolable` says whether answers of
    both versions may be analysed as one variable, `why` gives the reason in a sentence.
    """

    variable: str
    item: str
    kind: ChangeKind
    details: tuple[Detail, ...]
    poolable: Poolable
    why: str


@dataclass(frozen=True, slots=True)
class TranslationChange:
    """A translation that is new, gone or different; an empty text is none."""

    language: str
    key: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All variables of both versions, those of the new one first, and counts of each kind."""

    changes: tuple[VariableChange, ...]
    counts: dict[ChangeKind, int]
    translations: tuple[TranslationChange, ...] = ()

    def change(self, variable: str) -> VariableChange:
        """The change of that variable. Raises KeyError if neither version has it."""
        for each in self.changes:
            if each.variable == variable:
                return each
        raise KeyError(variable)


def compare(old: Instrument, new: Instrument) -> Comparison:
    """What changed from one version to the other.

    Both are compiled in the language of their author, so that a new translation changes no
    variable; translations that differ are listed apart.
    """
    before, after = facts_of(old), facts_of(new)
    changes = [
        _changed(name, before[name], facts) if name in before else _new(name, facts)
        for name, facts in after.items()
    ]
    changes += [_dropped(name, facts) for name, facts in before.items() if name not in after]
    counted = Counter(change.kind for change in changes)
    return Comparison(
        changes=tuple(changes),
        counts={kind: counted[kind] for kind in KINDS},
        translations=tuple(_translations(old, new)),
    )


def _new(name: str, facts: Facts) -> VariableChange:
    why = "Only the new version asks it."
    return VariableChange(name, facts.item, "new", (), "no", why)


def _dropped(name: str, facts: Facts) -> VariableChange:
    why = "Only the old version asks it."
    return VariableChange(name, facts.item, "dropped", (), "no", why)


def _changed(name: str, old: Facts, new: Facts) -> VariableChange:
    details = (
        *_differences("reworded", old.texts, new.texts),
        *_differences("rerouted", old.routing, new.routing),
        *_differences("recoded", old.coding, new.coding),
        *_codes(old.codes, new.codes),
    )
    if not details:
        why = "The question, its answers and the firms asked are the same."
        return VariableChange(name, new.item, "same", (), "yes", why)
    reasons = [_reason(details, kind, old, new) for kind in _kinds(details)]
    poolable = max((each for each, _ in reasons), key=_POOLABLE.index)
    why = " ".join(sentence for _, sentence in reasons)
    return VariableChange(name, new.item, _kinds(details)[-1], details, poolable, why)


def _kinds(details: tuple[Detail, ...]) -> tuple[ChangeKind, ...]:
    """The kinds of the details, the gravest last."""
    found = {detail.kind for detail in details}
    return tuple(kind for kind in KINDS if kind in found)


def _differences(
    kind: ChangeKind, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[Detail]:
    """What differs. What one version does not have counts as an empty text there."""
    for what in dict.fromkeys((*old, *new)):
        if old.get(what, "") != new.get(what, ""):
            yield Detail(kind, what, old.get(what, ""), new.get(what, ""))


def _codes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Detail]:
    """Codes taken away, given another label, added, or put in another order."""
    for code in dict.fromkeys((*old, *new)):
        if old.get(code) != new.get(code):
            yield Detail("recoded", f"code {code}", old.get(code, ""), new.get(code, ""))
    if set(old) == set(new) and list(old) != list(new):
        yield Detail("reworded", "order of the codes", ", ".join(old), ", ".join(new))


def _reason(
    details: tuple[Detail, ...], kind: ChangeKind, old: Facts, new: Facts
) -> tuple[Poolable, str]:
    concerned = [detail.what for detail in details if detail.kind == kind]
    named = _listed(concerned)
    if kind == "reworded":
        if any(what in _LABELS or what == "order of the codes" for what in concerned):
            return "with_care", f"Reworded ({named}): firms may understand it differently."
        return "yes", f"Only texts beside the question changed ({named})."
    if kind == "rerouted":
        return (
            "for_firms_asked_in_both",
            f"Other firms are asked ({named}): restrict to firms that both versions ask.",
        )
    if old.coding == new.coding and old.codes and old.codes.items() <= new.codes.items():
        added = _listed([code for code in new.codes if code not in old.codes])
        return (
            "with_care",
            f"Codes were added ({added}), the old ones stayed: pool the old codes, or collapse.",
        )
    return "no", f"The values do not mean the same ({named})."


def _listed(words: list[str], most: int = 5) -> str:
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more


def _translations(old: Instrument, new: Instrument) -> Iterator[TranslationChange]:
    languages = (*languages_of(old.document)[1:], *languages_of(new.document)[1:])
    for language in dict.fromkeys(languages):
        before, after = texts_in(old.document, language), texts_in(new.document, language)
        for key in dict.fromkeys((*before, *after)):
            was, became = before.get(key, ("", ""))[0], after.get(key, ("", ""))[0]
            if was != became:
                yield TranslationChange(language, key, was, became)
