"""How a person lays the table of a run out: presets, order, words, headings, what is left out."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods

from analysis import actions
from analysis.models import Run
from analysis.refusals import Refusal
from analysis.tables import html
from analysis.tables.document_tables import (
    columns_of_document,
    statistics_of_document,
    tied_columns,
    units_of_document,
)
from analysis.tables.estimate_columns import RATIOS
from analysis.tables.layout import MOST_DECIMALS, Layout
from analysis.tables.presets import PRESETS
from analysis.views.access import table_page
from analysis.views.layout_form import (
    PLACE_WORDS,
    RULE_WORDS,
    SHOWN_WORDS,
    STARS,
    layout_of_form,
    moved,
    moved_column,
    offered,
    offered_columns,
    star_choice,
)
from analysis.views.results import (
    can_be_laid_out,
    composed_tables,
    frame_of,
    kept_layout,
    table_of,
    what_asked,
)
from analysis.views.standing import standing_of


@require_http_methods(["GET", "HEAD", "POST"])
@table_page
def layout(request: HttpRequest, run: Run) -> HttpResponse:
    what = what_asked(request)
    if run.state != Run.State.DONE or not can_be_laid_out(run, what):
        raise Http404
    table_of(run, what)
    if request.method == "POST":
        return _changed(request, run, what)
    return _page(request, run, what, kept_layout(request, run) or Layout())


def _changed(request: HttpRequest, run: Run, what: str) -> HttpResponse:
    """Carry the pressed button out, and show the form at the line it was about."""
    before = kept_layout(request, run) or Layout()
    try:
        after, place = _asked(request, run, what, before)
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.remedy} Nothing was changed.")
        return redirect(_address(run, what))
    if after is None:
        actions.forget_layout(run=run, person=request.user)
        messages.success(request, "The table is shown as the run made it.")
        return redirect(_address(run, what))
    actions.keep_layout(run=run, person=request.user, layout=after, at=timezone.now())
    return redirect(_address(run, what) + place)


def _asked(request: HttpRequest, run: Run, what: str, before: Layout) -> tuple[Layout | None, str]:
    """The layout that the button asks for, None to forget it; and where to go on the page.

    Raises: Refusal ``layout``.
    """
    button = request.POST.get("do", "keep")
    if button == "forget":
        return None, ""
    if button == "preset":
        preset = PRESETS.get(request.POST.get("preset", ""), PRESETS["standard_errors"]).layout
        return _with_lines_of(before, preset), ""
    plain = units_of_document(run.estimates, what=what)
    asked = layout_of_form(
        request.POST,
        plain,
        statistics_of_document(run.estimates, what=what),
        columns_of_document(run.estimates, what=what, layout=before),
        before,
    )
    # What cannot be shown, such as a table without a model, is refused before it is kept.
    table_of(run, what, asked)
    way, _, key = button.partition(":")
    if way in ("up", "down"):
        after = moved(asked, key, -1 if way == "up" else 1, plain)
        place = next((at for at, line in enumerate(after.lines) if line.key == key), 0)
        return after, f"#line-{place}"
    if way in ("earlier", "later"):
        return _column_moved(run, what, asked, key, -1 if way == "earlier" else 1)
    return asked, "#laid-out"


def _column_moved(run: Run, what: str, asked: Layout, key: str, by: int) -> tuple[Layout, str]:
    columns = columns_of_document(run.estimates, what=what, layout=asked)
    tied = tied_columns(run.estimates, what=what)
    after = moved_column(asked, key, by, columns, tied)
    in_order = columns_of_document(run.estimates, what=what, layout=after)
    place = next((at for at, column in enumerate(in_order) if column.key == key), 0)
    return after, f"#column-{place}"


def _with_lines_of(before: Layout, preset: Layout) -> Layout:
    """A preset says nothing of lines, so those that were laid out stay."""
    document = preset.to_document() | {
        key: before.to_document()[key]
        for key in ("lines", "columns", "folded", "left_out", "column_order")
    }
    return Layout.from_document(document)


def _address(run: Run, what: str) -> str:
    address = reverse("analysis:layout", args=[run.pk])
    return address if what == "coefficients" else f"{address}?what={what}"


def _title_of(run: Run, what: str) -> str:
    """What a table that is not of the models is called; empty for one that is."""
    return next((each["title"] for each in composed_tables(run) if each["key"] == what), "")


def _columns_offered(run: Run, what: str, chosen: Layout) -> dict[str, Any]:
    """The columns for the form, and what stands in the way of moving them freely."""
    columns = columns_of_document(run.estimates, what=what, layout=chosen)
    tied = tied_columns(run.estimates, what=what)
    is_of_models = what in ("coefficients", "margins")
    return {
        "columns": offered_columns(columns, chosen, tied),
        "is_of_models": is_of_models,
        "has_tied": bool(tied),
        "is_registered": is_of_models and bool(standing_of(run)),
    }


def _page(request: HttpRequest, run: Run, what: str, chosen: Layout) -> HttpResponse:
    units = units_of_document(run.estimates, what=what, layout=chosen)
    plain = units_of_document(run.estimates, what=what)
    fragment = html.fragment(table_of(run, what, chosen))
    context: dict[str, Any] = {
        **frame_of(run),
        "what": what,
        "chosen": chosen,
        "presets": PRESETS.values(),
        "lines": offered(units, plain, chosen),
        "groups": list(dict.fromkeys(unit.group for unit in units if unit.group)),
        "statistics": statistics_of_document(run.estimates, what=what),
        **_columns_offered(run, what, chosen),
        "table_title": _title_of(run, what),
        "stars": {name: words for name, (words, _) in STARS.items()},
        "star_choice": star_choice(chosen),
        "shown_words": SHOWN_WORDS,
        "place_words": PLACE_WORDS,
        "rule_words": RULE_WORDS,
        "most_decimals": MOST_DECIMALS,
        "has_ratios": any(model["estimator"] in RATIOS for model in run.estimates["models"]),
        "is_kept": kept_layout(request, run) is not None,
        "table_html": mark_safe(fragment),  # noqa: S308 -- analysis.tables.html escapes all text
    }
    return render(request, "analysis/runs/layout.html", context)
