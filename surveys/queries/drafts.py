"""Reading a draft: its outline, what is wrong with it and where, and who would be asked."""

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from django.db.models import Count, Max, QuerySet

from surveys import questionnaire
from surveys.models import CodeList, Instrument, InstrumentDraft, Survey
from surveys.queries import code_lists
from surveys.queries.languages import speech_of
from surveys.questionnaire.editing.blanks import KINDS
from surveys.questionnaire.editing.conditions import Rows, by_reference, in_words, rows_of
from surveys.questionnaire.editing.places import Place, children, node_at, place_text, walk
from surveys.questionnaire.editing.readables import readables
from surveys.questionnaire.editing.trials import made_routes
from surveys.questionnaire.instrument import Instrument as Definition
from surveys.questionnaire.linting.lint import lint

MADE_FIRMS = 200
_KEPT = 32
_LARGEST_PLAYED = 400


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft as the compiler sees it: the instrument if there is no problem."""

    definition: Definition | None
    problems: tuple[questionnaire.Problem, ...]
    warnings: tuple[questionnaire.Problem, ...]


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """One row of the outline. `kind` is in words for items and empty for the rest."""

    place: str
    level: str
    name: str
    title: str
    kind: str
    is_conditional: bool
    problems: int
    is_current: bool
    holds_current: bool
    parts: tuple["OutlineLine", ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """How many of the made firms come to a page; None where that was not worked out."""

    reached: int | None
    firms: int


def drafts_of(survey: Survey) -> QuerySet[InstrumentDraft]:
    return survey.instrument_drafts.select_related("changed_by", "based_on").defer("document")


def versions_of(name: str) -> QuerySet[Instrument]:
    """Published versions of the instrument of that name, the newest first."""
    return Instrument.objects.filter(name=name).select_related("published_by")


def published_for(survey: Survey) -> QuerySet[Instrument]:
    """Versions to begin a draft from: those of the survey's waves and drafts, newest first."""
    names = set(survey.waves.exclude(instrument=None).values_list("instrument__name", flat=True))
    names |= set(
        survey.instrument_drafts.exclude(based_on=None).values_list("based_on__name", flat=True)
    )
    return Instrument.objects.filter(name__in=names).order_by("name", "-published_at")


class _Document:
    """A document known by its canonical JSON, so that checking it can be remembered.

    The uploaded code lists belong to it: one that was missing may have come.
    """

    __slots__ = ("document", "key")

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        lists = CodeList.objects.aggregate(newest=Max("pk"), lists=Count("pk"))
        self.key = json.dumps([document, lists], sort_keys=True)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Document) and other.key == self.key


@lru_cache(maxsize=_KEPT)
def _checked(known: _Document) -> Checked:
    try:
        definition = compile_draft(known.document)
    except questionnaire.InstrumentErrors as errors:
        return Checked(None, errors.problems, ())
    return Checked(definition, (), lint(definition))


def compile_draft(document: Mapping[str, Any], language: str = "") -> Definition:
    """The draft as an instrument. Raises questionnaire.InstrumentErrors."""
    return questionnaire.compile_document(
        document, language=language, code_lists=code_lists.find, speech_of=speech_of
    )


def checked(document: Mapping[str, Any]) -> Checked:
    """The draft compiled, or all its problems; remembered by its content."""
    return _checked(_Document(document))


@lru_cache(maxsize=_KEPT)
def _spoken(known: _Document, language: str) -> Definition:
    return compile_draft(known.document, language)


def spoken(document: Mapping[str, Any], language: str) -> Definition | None:
    """The draft in one of its languages, its author's if it has not that one.

    None while the draft has problems.
    """
    definition = checked(document).definition
    if definition is None or language == definition.language:
        return definition
    known = language in definition.languages
    return _spoken(_Document(document), language) if known else definition


def faults_of(document: Mapping[str, Any]) -> tuple[questionnaire.Problem, ...]:
    """The problems of the draft, or its warnings where it has none."""
    found = checked(document)
    return (*found.problems, *found.warnings)


class Placed(Protocol):
    """A problem or warning at a place of the draft."""

    @property
    def place(self) -> str: ...
    @property
    def is_warning(self) -> bool: ...


def outline(
    document: Mapping[str, Any], current: Place, problems: Sequence[Placed]
) -> tuple[OutlineLine, ...]:
    """The sections with their pages and items; entry questions under their roster."""
    counts: dict[str, int] = {}
    for line in problems:
        if not line.is_warning:
            counts[line.place] = counts.get(line.place, 0) + 1
    return _lines(document, (), current, counts)


_LEVELS = ("section", "page", "item", "entry page", "entry item")


def _lines(
    node: Mapping[str, Any], place: Place, current: Place, counts: Mapping[str, int]
) -> tuple[OutlineLine, ...]:
    lines = []
    for position, child in enumerate(children(node, len(place))):
        here = (*place, position)
        kind = str(child.get("kind", ""))
        lines.append(
            OutlineLine(
                place=place_text(here),
                level=_LEVELS[len(place)],
                name=str(child.get("name", "")),
                title=str(child.get("title") or child.get("label") or ""),
                kind=KINDS.get(kind, kind),
                is_conditional=bool(child.get("when")),
                problems=counts.get(place_text(here), 0),
                is_current=here == current,
                holds_current=current[: len(here)] == here,
                parts=_lines(child, here, current, counts),
            )
        )
    return tuple(lines)


def universe_words(document: Mapping[str, Any], place: Place, condition: str) -> str:
    """The condition in words; the condition itself where rows cannot say it."""
    try:
        rows: Rows | None = rows_of(condition)
    except questionnaire.ConditionError:
        return ""
    if rows is None:
        return condition
    return in_words(rows, by_reference(readables(document, place)))


def reach_of(document: Mapping[str, Any], place: Place) -> Reach:
    """How many made firms come to the page or section, where the draft compiles."""
    definition = checked(document).definition
    if definition is None or not place or sum(1 for _ in definition.items) > _LARGEST_PLAYED:
        return Reach(None, MADE_FIRMS)
    names = _compiled_pages(document, place)
    routes = _made_routes(_Document(document))
    reached = sum(any(page.name in names for page in route.pages) for route in routes)
    if len(place) >= 3:
        item = str(node_at(document, place[:3]).get("name", ""))
        reached = sum(_asked(route.asked, item) for route in routes)
    return Reach(reached, MADE_FIRMS)


def _asked(asked: AbstractSet[str], item: str) -> bool:
    return item in asked or any(name.startswith(f"{item}.") for name in asked)


@lru_cache(maxsize=_KEPT)
def _made_routes(known: _Document) -> tuple[questionnaire.Route, ...]:
    definition = _checked(known).definition
    return made_routes(definition, firms=MADE_FIRMS) if definition else ()


def _compiled_pages(document: Mapping[str, Any], place: Place) -> set[str]:
    """Names of the compiled pages that stand for the page or section of the place."""
    definition = checked(document).definition
    wanted = {
        str(node.get("name", ""))
        for here, node in walk(document)
        if len(here) == 2 and here[: len(place[:2])] == place[:2]
    }
    pages = definition.pages if definition else ()
    return {
        page.name for page in pages if page.name in wanted or page.name.partition("-")[0] in wanted
    }
