"""The weights of a wave: versions and their reports, the recipe, publishing, the file."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mathematics.refusals import Refusal
from surveys.actions import weighting as actions
from surveys.exports import delimited
from surveys.exports.datafiles import file_name
from surveys.forms.weighting import RecipeForm
from surveys.models import Wave, Weighting
from surveys.permissions import may_analyse, may_design
from surveys.queries.weighting import (
    obstacles_to_weighing,
    pending,
    variables_of,
    versions,
    weight_rows,
)
from surveys.tasks import make_weights
from surveys.views.access import wave_page
from surveys.views.files import attachment
from surveys.views.waiting import tell_workers
from surveys.weighting.words import variable_words

_MOST_CATEGORIES = 12


@require_safe
@wave_page()
def weights(request: HttpRequest, wave: Wave) -> HttpResponse:
    """The versions of the wave's weights, with the report of the one that counts."""
    listed = list(versions(wave))
    chosen = next((each for each in listed if each.is_published), listed[0] if listed else None)
    return _show(request, wave, listed, chosen)


@require_safe
@wave_page()
def weighting(request: HttpRequest, wave: Wave, number: int) -> HttpResponse:
    listed = list(versions(wave))
    chosen = get_object_or_404(versions(wave), number=number)
    return _show(request, wave, listed, chosen)


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page(may_design)
def new_weights(request: HttpRequest, wave: Wave) -> HttpResponse:
    """Write a recipe; a worker makes the weights."""
    known = variables_of(wave)
    if request.method != "POST":
        return _form(request, wave, RecipeForm(variables=known))
    form = RecipeForm(request.POST, request.FILES, variables=known)
    if not form.is_valid():
        return _form(request, wave, form, status=422)
    try:
        asked = actions.ask_for_weights(
            wave=wave, recipe=form.recipe, by=request.user, at=timezone.now()
        )
    except Refusal as refusal:
        form.add_error(None, f"{refusal.message} {refusal.remedy}".strip())
        return _form(request, wave, form, status=422)
    except actions.NotWeighable as refusal:
        form.add_error(None, refusal.reason)
        return _form(request, wave, form, status=422)
    tell_workers(request, make_weights, asked.pk)
    return redirect("surveys:weights", wave.survey.slug, wave.slug)


@require_POST
@wave_page(may_design)
def publish(request: HttpRequest, wave: Wave, number: int) -> HttpResponse:
    found = get_object_or_404(Weighting, wave=wave, number=number)
    actions.publish(weighting=found, by=request.user, at=timezone.now())
    messages.success(
        request, f"Weights {number} are published: extracts and new analyses use them."
    )
    return redirect("surveys:weighting", wave.survey.slug, wave.slug, number)


@require_POST
@wave_page(may_analyse)
def download(request: HttpRequest, wave: Wave, number: int) -> HttpResponse:
    """Weights and factors of every drawn case as CSV; who took it is audited."""
    found = get_object_or_404(Weighting, wave=wave, number=number)
    steps = [step["name"] for step in found.report.get("steps", [])]
    rows = (
        (pseudonym, base, weight, *(factors.get(name) for name in steps))
        for pseudonym, base, weight, factors in weight_rows(found)
    )
    columns = ("pseudonym", "design_weight", "final_weight", *(f"factor: {s}" for s in steps))
    content = delimited.render(columns, rows)
    actions.record_download(weighting=found, by=request.user, at=timezone.now())
    ending = f"-weights-{number}.csv"
    name = file_name(wave.survey.slug, wave.slug, made_data=wave.made_data, ending=ending)
    return attachment(content, name)


def _show(
    request: HttpRequest, wave: Wave, listed: list[Weighting], chosen: Weighting | None
) -> HttpResponse:
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "weights",
        "versions": listed,
        "chosen": chosen,
        "margins": _margins(chosen.report) if chosen else [],
        "obstacles": obstacles_to_weighing(wave),
        "pending": pending(wave),
        "may_design": may_design(request.user, wave.survey),
        "may_analyse": may_analyse(request.user, wave.survey),
    }
    return render(request, "research/weighting/weights.html", context)


@dataclass(frozen=True, slots=True)
class Margin:
    """The categories of one variable: those to look at, and the others that are folded away."""

    variable: str
    shown: tuple[dict[str, Any], ...]
    folded: tuple[dict[str, Any], ...]


def _margins(report: dict[str, Any]) -> list[Margin]:
    """The margins of a report by variable, each category with its bar in whole hundredths.

    Of a variable with many categories those stand first whose final share is farthest from
    the frame's.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for line in report.get("margins", []):
        bar = {"units": round(line["final"] * 100)}
        found.setdefault(line["variable"], []).append({**line, **bar})
    return [_margin(variable_words(name), lines) for name, lines in sorted(found.items())]


def _margin(variable: str, lines: list[dict[str, Any]]) -> Margin:
    if len(lines) <= _MOST_CATEGORIES:
        return Margin(variable, tuple(lines), ())
    farthest = sorted(lines, key=lambda line: -abs(line["final"] - line["frame"]))
    return Margin(variable, tuple(farthest[:_MOST_CATEGORIES]), tuple(farthest[_MOST_CATEGORIES:]))


def _form(request: HttpRequest, wave: Wave, form: RecipeForm, status: int = 200) -> HttpResponse:
    context = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "weights",
        "form": form,
        "obstacles": obstacles_to_weighing(wave),
    }
    return render(request, "research/weighting/new.html", context, status=status)
