"""Two runs, or the same plan on two waves, side by side: what changed in what they released."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from analysis.comparison.runs import Compared, Side, compared, numbers_csv
from analysis.extracts import may_analyse
from analysis.models import Run
from analysis.tables import numerals
from analysis.views.access import table_page
from analysis.views.files import attachment
from analysis.views.results import frame_of

_MOST_OFFERED = 100
TwoRuns = Callable[[HttpRequest, Run, Run], HttpResponse]


def two_runs_page(view: TwoRuns) -> Callable[..., HttpResponse]:
    """Hand the view two finished runs of one survey, each of which the person may read."""

    @table_page
    def with_first(request: HttpRequest, run: Run, other: UUID) -> HttpResponse:
        @table_page
        def with_second(request: HttpRequest, second: Run) -> HttpResponse:
            if not _can_be_compared(run, second):
                raise Http404
            return view(request, run, second)

        return with_second(request, pk=other)

    return with_first


@require_safe
@table_page
def choose(request: HttpRequest, run: Run) -> HttpResponse:
    """To the comparison with the run that the form names; else what there is to compare with."""
    if run.state != Run.State.DONE:
        raise Http404
    offered = comparable(run)
    chosen = {str(each.pk): each for each in offered}.get(request.GET.get("other", ""))
    if chosen is not None:
        return redirect("analysis:compare", run.pk, chosen.pk)
    context = {**frame_of(run), "offered": offered}
    return render(request, "analysis/compare/choose.html", context)


@require_safe
@two_runs_page
def compare(request: HttpRequest, run: Run, other: Run) -> HttpResponse:
    found = compared(side(run), side(other))
    context = {
        **frame_of(run),
        "other": other,
        "found": found,
        "may_analyse": may_analyse(request.user, run.plan_version.plan.wave),
        "tables": _with_words(found),
    }
    return render(request, "analysis/compare/compare.html", context)


@require_safe
@two_runs_page
def numbers(request: HttpRequest, run: Run, other: Run) -> HttpResponse:  # noqa: ARG001
    """Every number of either run with the difference, in full precision."""
    content = numbers_csv(compared(side(run), side(other)))
    name = f"compared-{run.fingerprint[:8]}-{other.fingerprint[:8]}.csv"
    return attachment(content, name, "text/csv; charset=utf-8")


def comparable(run: Run) -> list[Run]:
    """Other finished runs of the survey, newest first, without what they gave."""
    survey = run.plan_version.plan.wave.survey_id
    found = Run.objects.filter(
        state=Run.State.DONE, plan_version__plan__wave__survey=survey
    ).exclude(pk=run.pk)
    related = found.select_related("plan_version__plan__wave__survey", "requested_by")
    return list(related.defer(*_HEAVY)[:_MOST_OFFERED])


def side(run: Run) -> Side:
    """The run as a comparison reads it: only what it released, and its origin."""
    version = run.plan_version
    return Side(
        name=name_of(run),
        wave=f"{version.plan.wave.survey.slug}/{version.plan.wave.slug}",
        source=version.source,
        estimates=run.estimates,
        origin=run.origin,
        code_fingerprint=run.code_fingerprint,
    )


def name_of(run: Run) -> str:
    """Plan, version, wave and time: enough to tell one run from another."""
    version = run.plan_version
    at = timezone.localtime(run.finished_at or run.requested_at)
    return (
        f"{version.plan.title}, version {version.number}, {version.plan.wave.title}, "
        f"{at:%-d %b %Y, %H:%M}"
    )


_HEAVY = ("estimates", "table", "margins_table", "descriptives_table", "curve_table", "origin")
_CHANGES = {
    "same": "same",
    "noise": "rounding only",
    "changed": "changed",
    "only_first": "only in the first",
    "only_second": "only in the second",
    "withheld": "withheld in one of them",
}


def _with_words(found: Compared) -> list[dict[str, object]]:
    """The numbers as the page shows them: digits that the standard errors bear out."""
    return [
        {
            "matched": matched,
            "lines": [
                {
                    "label": each.label,
                    "what": each.what,
                    "first": shown(each.first, each.first_error),
                    "first_error": shown(each.first_error, each.first_error),
                    "second": shown(each.second, each.second_error),
                    "second_error": shown(each.second_error, each.second_error),
                    "difference": shown(each.difference, each.first_error or each.second_error),
                    "in_errors": shown(each.in_errors, 0.5),
                    "change": _CHANGES[each.change],
                    "is_changed": each.change not in ("same", "noise"),
                }
                for each in matched.numbers
            ],
        }
        for matched in found.numbers
    ]


def shown(value: float | None, error: float | None) -> str:
    """With two digits of the standard error; four digits where there is none."""
    if value is None:
        return numerals.DASH
    if not error:
        return f"{value:.4g}".replace("-", "−")
    return numerals.fixed(value, numerals.decimals_for([error]))


def _can_be_compared(one: Run, other: Run) -> bool:
    surveys = {each.plan_version.plan.wave.survey_id for each in (one, other)}
    return len(surveys) == 1 and one.state == other.state == Run.State.DONE
