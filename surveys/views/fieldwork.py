"""The fieldwork of a wave: cases by disposition and stratum, rates, progress, the cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from surveys.fieldwork import progress as progressing
from surveys.fieldwork.rates import rates, response_rate_1
from surveys.forms.fieldwork import CaseFilter
from surveys.models import Case, Wave
from surveys.permissions import may_manage_fieldwork, may_see_firms
from surveys.queries import fieldwork as queries
from surveys.views.access import wave_page

CASES_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class StratumRow:
    """A stratum's cases by disposition, and its response rate as a bar of 0 to 100 units."""

    label: str
    numbers: tuple[int, ...]
    cases: int
    response_rate: float | None
    bar: int


@dataclass(frozen=True, slots=True)
class SortHead:
    """A column head that sorts: where its link leads and how the column is sorted now."""

    label: str
    query: str
    direction: str


@require_safe
@wave_page()
def fieldwork(request: HttpRequest, wave: Wave) -> HttpResponse:
    counted = queries.tally(wave)
    shown = [each for each in Case.Disposition if counted.number(each)]
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "fieldwork",
        "tally": counted,
        "complete": counted.number("complete"),
        "waiting": counted.number("not_started") + counted.number("started"),
        "dispositions": [each.label for each in shown],
        "totals": [counted.number(each) for each in shown],
        "rows": [_row(stratum, shown) for stratum in counted.strata],
        "rates": rates(counted.outcomes, counted.weighted_outcomes),
        "may_manage": may_manage_fieldwork(request.user, wave.survey),
        "may_see_firms": may_see_firms(request.user, wave.survey),
        **_progress(wave, timezone.localdate()),
    }
    if context["may_see_firms"]:
        context |= _case_list(request, wave, [stratum.label for stratum in counted.strata])
        context["events"] = queries.recent_events(wave)
    return render(request, "research/fieldwork/fieldwork.html", context)


def _row(stratum: queries.StratumTally, shown: Sequence[str]) -> StratumRow:
    rate = response_rate_1(stratum.outcomes)
    return StratumRow(
        label=stratum.label,
        numbers=tuple(stratum.number(name) for name in shown),
        cases=stratum.cases,
        response_rate=rate,
        bar=round(100 * (rate or 0)),
    )


def _progress(wave: Wave, today: date) -> dict[str, object]:
    """Responses over the field period; nothing before the first of them."""
    by_day = queries.submissions_by_day(wave)
    if not by_day:
        return {"curve": None}
    end = wave.closed_at.date() if wave.closed_at else wave.field_end
    shown = progressing.progress(by_day, wave.field_start, end)
    last = end if wave.closed_at else today
    return {
        "curve": progressing.curve(shown, until=max(last, by_day[-1][0])),
        "by_day": by_day,
        "submitted": shown.total,
    }


def _case_list(request: HttpRequest, wave: Wave, strata: list[str]) -> dict[str, object]:
    form = CaseFilter(request.GET, strata=strata, prefix=None)
    sort = request.GET.get("sort", "firm")
    cases = queries.cases_of(wave, **form.chosen, sort=sort)
    return {
        "form": form,
        "heads": [_head(request, name, label, sort) for name, label in _HEADS],
        "page": Paginator(cases, CASES_A_PAGE).get_page(request.GET.get("page")),
        "kept_query": _query(request, page=None),
    }


_HEADS = (
    ("firm", "Firm"),
    ("stratum", "Stratum"),
    ("disposition", "Disposition"),
    ("since", "Since"),
)


def _head(request: HttpRequest, name: str, label: str, sort: str) -> SortHead:
    if sort == name:
        return SortHead(label, _query(request, sort=f"-{name}", page=None), "ascending")
    direction = "descending" if sort == f"-{name}" else ""
    return SortHead(label, _query(request, sort=name, page=None), direction)


def _query(request: HttpRequest, **changes: str | None) -> str:
    """The query string of the page with some of its values changed, or left out (None)."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return query.urlencode()
