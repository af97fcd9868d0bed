"""The library of plans: by theme, with what each is for and whether this wave can carry it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis import extracts
from analysis.dataset import Dataset
from analysis.extracts import Wave
from analysis.pipeline.carrying import Lacking, lacking
from analysis.reading.expectations import Told, told_theory
from analysis.refusals import Refusal
from analysis.specification.model import Plan
from analysis.specification.plan import read_plan
from analysis.specification.theory import THEMES
from analysis.views import reading
from analysis.views.access import wave_page

CARRIED, ALL = "carried", "all"
LONGEST_SEARCH = 80


@dataclass(frozen=True, slots=True)
class LibraryPlan:
    """A plan of the library, read once."""

    name: str
    plan: Plan
    told: Told

    @property
    def words(self) -> str:
        """All that a search looks at, in small letters."""
        claims = (f"{name} {words}" for name, words in self.told.claims)
        parts = (self.name, self.plan.title, self.plan.about, self.told.hypothesis, *claims)
        return " ".join((*parts, *self.told.sources)).casefold()


@dataclass(frozen=True, slots=True)
class Offered:
    """A plan of the library on a wave: what the wave lacks for it.

    `constructs` are pairs of a construct's name and its words; `other` what lacks besides, such
    as a scale.
    """

    entry: LibraryPlan
    constructs: tuple[tuple[str, str], ...]
    other: tuple[str, ...]
    needs_waves: bool = False

    @property
    def is_carried(self) -> bool:
        return not (self.constructs or self.other)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The plans of one theme."""

    theme: str
    title: str
    offered: tuple[Offered, ...]


@lru_cache(maxsize=1)
def library_plans() -> tuple[LibraryPlan, ...]:
    """Every shipped plan that says what it is for, by name; the files are read once a process."""
    found = []
    for shipped in reading.shipped_plans():
        try:
            plan = read_plan(shipped.source)
        except Refusal:
            continue
        if plan.theory is not None:
            found.append(LibraryPlan(shipped.name, plan, told_theory(plan.theory, None)))
    return tuple(found)


def offered_on(wave: Wave) -> tuple[Offered, ...]:
    """The whole library on the wave, by its codebook alone."""
    codebook = extracts.codebook(wave)
    return tuple(_offered(entry, codebook) for entry in library_plans())


def _offered(entry: LibraryPlan, codebook: Dataset) -> Offered:
    found = lacking(entry.plan, codebook)
    names = dict.fromkeys(name for each in found for name in each.constructs)
    return Offered(
        entry,
        tuple((name, extracts.construct_words(name)) for name in names),
        _without_construct(found),
        needs_waves=bool(entry.plan.waves),
    )


def _without_construct(found: Iterable[Lacking]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.why for each in found if not each.constructs))


def shelves(offered: Iterable[Offered]) -> tuple[Shelf, ...]:
    """The plans by theme, in the order of the themes; of each theme, those carried first."""
    plans = sorted(offered, key=lambda each: (not each.is_carried, each.entry.plan.title))
    found = []
    for theme, title in THEMES.items():
        here = tuple(each for each in plans if _theme(each) == theme)
        if here:
            found.append(Shelf(theme, title, here))
    return tuple(found)


def _theme(offered: Offered) -> str:
    theory = offered.entry.plan.theory
    return theory.theme if theory else ""


def theory_of_text(source: str) -> Told | None:
    """What a plan's text says it is for; None if nothing, or if it is no plan."""
    try:
        theory = read_plan(source).theory
    except Refusal:
        return None
    return None if theory is None else told_theory(theory, None)


@require_safe
@wave_page()
def library(request: HttpRequest, wave: Wave) -> HttpResponse:
    """The library, or of it what a theme, a word and “this wave can carry it” leave."""
    everything = offered_on(wave)
    chosen = _chosen(request)
    left = [each for each in everything if _is_meant(each, chosen)]
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "analysis",
        "shelves": shelves(left),
        "themes": THEMES.items(),
        "count": len(everything),
        "carried_count": sum(each.is_carried for each in everything),
        "shown_count": len(left),
        **chosen,
    }
    return render(request, "analysis/library/library.html", context)


def _chosen(request: HttpRequest) -> dict[str, Any]:
    theme = request.GET.get("theme", "")
    return {
        "theme": theme if theme in THEMES else "",
        "find": request.GET.get("find", "").strip()[:LONGEST_SEARCH],
        "only": CARRIED if request.GET.get("only") == CARRIED else ALL,
    }


def _is_meant(offered: Offered, chosen: dict[str, Any]) -> bool:
    if chosen["theme"] and _theme(offered) != chosen["theme"]:
        return False
    if chosen["only"] == CARRIED and not offered.is_carried:
        return False
    words = offered.entry.words
    return all(each in words for each in chosen["find"].casefold().split())
