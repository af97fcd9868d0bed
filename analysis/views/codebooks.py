"""The names that a plan may use: found by word or family, a handful at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from analysis import actions, tasks
from analysis.constructs.described import families_of
from analysis.extracts import Wave
from analysis.models import Codebook
from analysis.views.access import wave_page
from analysis.views.plan_words import plan_words
from config import workers

A_PAGE = 30
Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of a wave's names; `is_awaited`: it is being made, or made anew."""

    lines: list[dict[str, Any]]
    firms: int
    made_at: datetime | None
    is_awaited: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What of the names the panel beside the editor shows.

    Attributes
    ----------
    families : each with its words, how many names it has, and whether it is the one shown
    lines : of the search or family, from the first to the last that is shown
    more : how many names follow
    """

    firms: int
    made_at: datetime | None
    is_awaited: bool
    names: int
    families: list[tuple[str, str, int, bool]]
    family: str
    find: str
    found: int
    lines: list[dict[str, Any]]
    more: int
    page: int


@require_safe
@wave_page()
def codebook(request: HttpRequest, wave: Wave) -> HttpResponse:
    """The panel's content for a search or a family, without the page around it."""
    shown = show(held(wave), request.GET)
    return render(request, "analysis/plans/codebook.html", {"codebook": shown})


@require_safe
@wave_page()
def names(_request: HttpRequest, wave: Wave) -> HttpResponse:
    """Every name with its label, what it is and its family, for completion."""
    kept = held(wave)
    keys = ("name", "label", "kind")
    listed = [[line[key] for key in keys] for line in kept.lines]
    return JsonResponse({"names": listed, "words": plan_words(), "awaited": kept.is_awaited})


def held(wave: Wave) -> Held:
    """The codebook as it is; of a large wave the last one, while a worker makes it anew."""
    if actions.is_quick(wave):
        return _held(actions.make_codebook(wave=wave, at=timezone.now()), is_awaited=False)
    kept = Codebook.objects.filter(wave=wave).first()
    if kept is not None and kept.mark == actions.codebook_mark(wave):
        return _held(kept, is_awaited=False)
    if actions.ask_for_codebook(wave=wave, at=timezone.now()):
        workers.tell(tasks.make_codebook, wave.pk)
    return _held(kept, is_awaited=True)


def _held(kept: Codebook | None, *, is_awaited: bool) -> Held:
    if kept is None:
        return Held([], 0, None, is_awaited)
    return Held(kept.lines, kept.firms, kept.made_at, is_awaited)


def show(kept: Held, asked: Mapping[str, str]) -> Shown:
    """What `find`, `family` and `page` ask for; the first family if they ask for nothing."""
    find = asked.get("find", "").strip()[:80]
    families = families_of(kept.lines)
    family = "" if find else _family(asked.get("family", ""), [name for name, _, _ in families])
    matching = [line for line in kept.lines if _matches(line, find, family)]
    page = _page(asked.get("page", ""))
    first, stop = (page - 1) * A_PAGE, page * A_PAGE
    return Shown(
        firms=kept.firms,
        made_at=kept.made_at,
        is_awaited=kept.is_awaited,
        names=len(kept.lines),
        families=[(name, words, count, name == family) for name, words, count in families],
        family=family,
        find=find,
        found=len(matching),
        lines=[_with_bars(line) for line in matching[first:stop]],
        more=max(0, len(matching) - stop),
        page=page,
    )


def _family(asked: str, known: list[str]) -> str:
    return asked if asked in known else next(iter(known), "")


def _page(asked: str) -> int:
    return int(asked) if asked.isdecimal() and 0 < int(asked[:4]) < 1000 else 1


def _matches(line: Line, find: str, family: str) -> bool:
    """Every word of the search in name, label or definition; without a search the family."""
    if not find:
        return bool(line["family"] == family)
    text = f"{line['name']} {line['label']} {line['definition']}".casefold()
    return all(word in text for word in find.casefold().split())


def _with_bars(line: Line) -> dict[str, Any]:
    """The line with what a drawing needs: heights of 24 for the largest share, per cents."""
    largest = max((share for _, share in line["bars"]), default=0.0)
    drawn = [
        {
            "label": label,
            "per_cent": _per_cent(share),
            "x": 10 * place,
            "y": round(24 - 24 * share / largest, 2),
            "height": round(24 * share / largest, 2),
            "width": round(100 * share / largest, 2),
        }
        for place, (label, share) in enumerate(line["bars"])
    ]
    missing = line["missing"]
    return {
        **line,
        "drawn": drawn,
        "drawn_width": 10 * len(drawn),
        "missing_words": "" if missing is None else _per_cent(missing),
        "term": f"factor({line['name']})" if line["kind"] == "category" else line["name"],
    }


def _per_cent(share: float) -> str:
    if 0 < share < 0.005:
        return "under 1 %"
    return f"{100 * share:.0f} %"
