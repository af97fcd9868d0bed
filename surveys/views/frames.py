"""Versions of a survey's frame: the list, a file on its way to one, a version, what changed."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surveys import tasks
from surveys.actions import frames as actions
from surveys.exports import delimited
from surveys.forms.frames import ChooseFrameForm, FrameFileForm, MappingForm
from surveys.microdata import MicrodataRefused
from surveys.models import FrameUpload, Survey, Wave
from surveys.permissions import may_design, may_see_frame
from surveys.queries import frames as queries
from surveys.views import searches
from surveys.views.access import require, survey_page, wave_page
from surveys.views.files import attachment
from surveys.views.waiting import tell_workers

_COLUMNS = ("row", "column", "value", "code", "message", "remedy")
_PROBLEMS_SHOWN = 100
_ON_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@survey_page(may_see_frame)
def frames(request: HttpRequest, survey: Survey) -> HttpResponse:
    """The versions and the form for a file; on POST, the file is kept until it is mapped."""
    form, refused = FrameFileForm(request.POST or None, request.FILES or None), None
    if request.method == "POST":
        require(request.user, may_design, survey)
        if form.is_valid():
            try:
                return redirect(_page_of(_received(request, survey, form)))
            except MicrodataRefused as refusal:
                refused = refusal.report
    context = {
        "survey": survey,
        "frames": queries.frames_of(survey),
        "uploads": queries.unfinished_uploads(survey),
        "form": form,
        "report": refused,
    }
    status = 422 if refused or form.errors else 200
    return render(request, "research/frames/frames.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@survey_page(may_design)
def upload(request: HttpRequest, survey: Survey, upload: int) -> HttpResponse:
    """Where the file stands: to be mapped, being loaded, refused; a loaded one leads on."""
    found = get_object_or_404(queries.uploads_of(survey), pk=upload)
    if found.frame is not None:
        return redirect("surveys:frame_version", survey.slug, found.frame.number)
    columns = [column["name"] for column in found.columns]
    form = MappingForm(request.POST or None, columns=columns, told=found.mapping)
    if request.method == "POST" and form.is_valid():
        try:
            actions.begin(upload=found, mapping=form.mapping)
        except actions.FrameRefused as refused:
            messages.info(request, str(refused))
        else:
            tell_workers(request, tasks.load_frame, found.pk)
        return redirect(_page_of(found))
    context = {
        "survey": survey,
        "upload": found,
        "form": form,
        "preview": _preview(found),
        "problems": _problems(found)["problems"][:_PROBLEMS_SHOWN],
    }
    status = 422 if form.errors else 200
    return render(request, "research/frames/upload.html", context, status=status)


@require_safe
@survey_page(may_design)
def progress(request: HttpRequest, survey: Survey, upload: int) -> HttpResponse:
    """How far the load is, for the page to ask again and again; then the page comes anew."""
    found = get_object_or_404(queries.uploads_of(survey), pk=upload)
    response = render(request, "research/frames/progress.html", {"survey": survey, "upload": found})
    if found.state != FrameUpload.State.LOADING:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@survey_page(may_design)
def load_again(request: HttpRequest, survey: Survey, upload: int) -> HttpResponse:
    """Tell the workers once more: a second message does no harm."""
    found = get_object_or_404(queries.uploads_of(survey), pk=upload)
    if found.state == FrameUpload.State.LOADING:
        told = "The workers were told once more."
        tell_workers(request, tasks.load_frame, found.pk, told=told)
    return redirect(_page_of(found))


@require_POST
@survey_page(may_design)
def discard(request: HttpRequest, survey: Survey, upload: int) -> HttpResponse:
    found = queries.uploads_of(survey).filter(pk=upload).first()
    if found is None:
        messages.info(request, "The file was forgotten before.")
        return redirect("surveys:frames", survey.slug)
    try:
        actions.discard(upload=found)
    except actions.FrameRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"The file {found.original_name} is forgotten.")
    return redirect("surveys:frames", survey.slug)


@require_safe
@survey_page(may_design)
def problems(_request: HttpRequest, survey: Survey, upload: int) -> HttpResponse:
    """The problems that were kept, and how many more there are of each kind."""
    found = get_object_or_404(queries.uploads_of(survey), pk=upload)
    told = _problems(found)
    rows: list[list[Any]] = [[each[name] for name in _COLUMNS] for each in told["problems"]]
    for tally in told["not_shown"]:
        said = f"and {tally['count']} more of this kind"
        rows.append([None, tally["column"], "", tally["code"], said, ""])
    return attachment(delimited.render(_COLUMNS, rows), f"problems-{survey.slug}-{found.pk}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
@survey_page(may_see_frame)
def version(request: HttpRequest, survey: Survey, number: int) -> HttpResponse:
    if request.method == "POST":
        return searches.to_what_was_asked(request, field="search", others=())
    found = get_object_or_404(queries.frames_of(survey), number=number)
    search = searches.words_of(request)
    paginator = Paginator(queries.units_of(found, search), _ON_A_PAGE)
    context = {
        "survey": survey,
        "frame": found,
        "search": search,
        "is_forgotten": searches.is_forgotten(request),
        "query": searches.kept_query(request),
        "page": paginator.get_page(request.GET.get("page")),
        "cells": queries.frame_cells(found),
    }
    return render(request, "research/frames/version.html", context)


@require_safe
@survey_page(may_see_frame)
def changes(request: HttpRequest, survey: Survey, number: int) -> HttpResponse:
    """A version held against the one before, or against the one that is asked for."""
    new = get_object_or_404(queries.frames_of(survey), number=number)
    others = [each for each in queries.frames_of(survey) if each.number != number]
    asked = request.GET.get("against") or (new.previous.number if new.previous else "")
    old = next((each for each in others if str(each.number) == str(asked)), None)
    if request.GET.get("against") and old is None:
        raise Http404
    change = request.GET.get("change")
    change = change if change in queries.CHANGES else queries.CHANGES[0]
    context = {"survey": survey, "frame": new, "old": old, "others": others, "change": change}
    if old is not None:
        paginator = Paginator(queries.changed_units(new, old, change), _ON_A_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        before = queries.earlier_units(old, list(page))
        lines = [(unit, before.get(unit.register_id)) for unit in page]
        context |= {"counts": queries.change_counts(new, old), "page": page, "lines": lines}
        context["query"] = urlencode({"against": old.number, "change": change})
    return render(request, "research/frames/changes.html", context)


@require_POST
@wave_page(may_design)
def choose(request: HttpRequest, wave: Wave) -> HttpResponse:
    form = ChooseFrameForm(request.POST, survey=wave.survey)
    if not form.is_valid():
        messages.error(request, "Choose one of the versions of this survey.")
        return redirect("surveys:frame", wave.survey.slug, wave.slug)
    try:
        actions.choose(
            wave=wave, frame=form.cleaned_data["frame"], by=request.user, at=timezone.now()
        )
    except actions.FrameRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"The wave draws from version {wave.frame.number} now.")
    return redirect("surveys:frame", wave.survey.slug, wave.slug)


def _received(request: HttpRequest, survey: Survey, form: FrameFileForm) -> FrameUpload:
    file = form.cleaned_data["file"]
    return actions.receive(
        survey=survey,
        file=file,
        original_name=file.name or "",
        by=request.user,
        at=timezone.now(),
    )


def _page_of(upload: FrameUpload) -> str:
    return reverse("surveys:frame_upload", args=[upload.survey.slug, upload.pk])


def _preview(upload: FrameUpload) -> list[tuple[str, ...]]:
    """The first rows of the file, as they were when it came."""
    return list(zip(*(column.get("examples", []) for column in upload.columns), strict=False))


def _problems(upload: FrameUpload) -> dict[str, Any]:
    if not upload.problems_file or upload.state != FrameUpload.State.REFUSED:
        return {"problems": [], "not_shown": []}
    with upload.problems_file.open("rb") as file:
        told: dict[str, Any] = json.load(file)
    return told
