"""Boundaries of a survey's regions: which there are, and a file with others."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from analysis import actions
from analysis.extracts import Wave
from analysis.figures.boundaries import MOST_BYTES
from analysis.models import RegionBoundaries
from analysis.refusals import Refusal
from analysis.views.access import wave_page

_UNPROCESSABLE = 422


class BoundariesForm(forms.Form):
    file = forms.FileField(
        label="GeoJSON file",
        help_text=f"Areas in WGS 84, at most {MOST_BYTES // 1_000_000} MB.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".geojson,.json"}),
    )
    named = forms.CharField(
        label="Property with the codes",
        help_text="Left empty, the property that has most of the codes is taken.",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@wave_page()
def boundaries(request: HttpRequest, wave: Wave) -> HttpResponse:
    if request.method != "POST":
        return _page(request, wave, BoundariesForm())
    form = BoundariesForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, wave, form, status=_UNPROCESSABLE)
    given = form.cleaned_data["file"]
    try:
        found = actions.keep_boundaries(
            wave=wave,
            content=given.read(MOST_BYTES + 1),
            file_name=given.name,
            named=form.cleaned_data["named"].strip(),
            by=request.user,
            at=timezone.now(),
        )
    except Refusal as refusal:
        problem = f"{refusal.message} {refusal.remedy}"
        return _page(request, wave, form, problem=problem, status=_UNPROCESSABLE)
    count = len(found.regions)
    messages.success(request, f"Boundaries of {count} region{'s' if count != 1 else ''} are kept.")
    return redirect("analysis:boundaries", wave.survey.slug, wave.slug)


def _page(
    request: HttpRequest, wave: Wave, form: BoundariesForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "survey": wave.survey,
        "wave": wave,
        "stage": "analysis",
        "form": form,
        "problem": problem,
        "kept": RegionBoundaries.objects.filter(survey=wave.survey).first(),
        "regions": _regions(wave),
    }
    return render(request, "analysis/boundaries/boundaries.html", context, status=status)


def _regions(wave: Wave) -> list[tuple[str, str, bool]]:
    """Code, label, and whether there are boundaries of it."""
    found = actions.boundaries_of(wave.survey)
    drawn = {each.code for each in found.regions} if found else set()
    return [(code, label, code in drawn) for code, label in actions.region_codes(wave).items()]
