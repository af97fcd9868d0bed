"""Registrations of plans: asked for, listed, shown with a certificate that anyone can check."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from analysis import actions
from analysis.comparison.certificate import facts_in_words, sha256_of_text
from analysis.comparison.content import Content, contents_of
from analysis.extracts import User, Wave, may_analyse, may_view_tables
from analysis.models import PlanVersion, Registration
from analysis.refusals import Refusal
from analysis.views import standing
from analysis.views.access import wave_page
from analysis.views.files import attachment

_ENDINGS = ("txt", "json")


@require_safe
@wave_page(may_view_tables)
def registrations(request: HttpRequest, wave: Wave) -> HttpResponse:
    context = _frame(request, wave) | {
        "registrations": standing.registrations_of(wave),
        "is_open": standing.is_still_open(wave),
    }
    return render(request, "analysis/registrations/list.html", context)


@require_POST
@wave_page()
def register(request: HttpRequest, wave: Wave, plan: str) -> HttpResponse:
    """Freeze the version that the form names. A closed wave says why not."""
    number = request.POST.get("version", "")
    version = PlanVersion.objects.filter(
        plan__wave=wave, plan__slug=plan, number=int(number) if number.isdecimal() else 0
    ).first()
    if version is None:
        raise Http404
    by = request.user if isinstance(request.user, User) else None
    try:
        found, is_new = actions.register(plan_version=version, by=by)
    except Refusal as refusal:
        messages.error(request, f"Not registered. {refusal.message} {refusal.remedy}")
        return redirect("analysis:plan", wave.survey.slug, wave.slug, plan)
    if is_new:
        messages.success(request, "Registered. Keep the certificate: its SHA-256 proves the text.")
    else:
        messages.info(request, "This version was registered before. Here is that registration.")
    return redirect(found)


@require_safe
@wave_page(may_view_tables)
def registration(request: HttpRequest, wave: Wave, plan: str, number: int) -> HttpResponse:
    found = _found(wave, plan, number)
    context = _frame(request, wave) | {
        "registration": found,
        "plan": found.plan,
        "facts": facts_in_words(found.facts),
        "contents": _contents(found),
        "later": getattr(found, "superseded_by", None),
        "is_intact": sha256_of_text(found.certificate) == found.fingerprint,
        "file_name": _file_name(found, "txt"),
    }
    return render(request, "analysis/registrations/registration.html", context)


@require_safe
@wave_page(may_view_tables)
def certificate(
    request: HttpRequest,  # noqa: ARG001 -- a view takes it
    wave: Wave,
    plan: str,
    number: int,
    ending: str,
) -> HttpResponse:
    """The text that the SHA-256 is of, to the last byte; or what it says as JSON."""
    found = _found(wave, plan, number)
    if ending not in _ENDINGS:
        raise Http404
    name = _file_name(found, ending)
    if ending == "txt":
        return attachment(found.certificate.encode(), name, "text/plain; charset=utf-8")
    text = json.dumps(document_of(found), ensure_ascii=False, indent=1)
    return attachment(text, name, "application/json; charset=utf-8")


def document_of(found: Registration) -> dict[str, Any]:
    """The registration as plain data, with the certificate whose SHA-256 it tells."""
    later = getattr(found, "superseded_by", None)
    return {
        "survey": found.plan.wave.survey.slug,
        "wave": found.plan.wave.slug,
        "plan": found.plan.slug,
        "version": found.plan_version.number,
        "number": found.number,
        "registered_at": found.registered_at.isoformat(),
        "sha256": found.fingerprint,
        "supersedes": None if found.supersedes is None else found.supersedes.fingerprint,
        "superseded_by": None if later is None else later.fingerprint,
        "facts": found.facts,
        "specifications": [
            {"kind": each.kind, "name": each.name, "sha256": each.fingerprint}
            for each in _contents(found)
        ],
        "certificate": found.certificate,
    }


def _contents(found: Registration) -> tuple[Content, ...]:
    return contents_of(found.plan_version.source)


def _found(wave: Wave, plan: str, number: int) -> Registration:
    try:
        return standing.registration_of(wave, plan, number)
    except Registration.DoesNotExist:
        raise Http404 from None


def _file_name(found: Registration, ending: str) -> str:
    wave = found.plan.wave
    stem = f"{wave.survey.slug}-{wave.slug}-{found.plan.slug}-registration-{found.number}"
    return f"{stem}.{ending}"


def _frame(request: HttpRequest, wave: Wave) -> dict[str, Any]:
    return {
        "survey": wave.survey,
        "wave": wave,
        "stage": "analysis",
        "may_analyse": may_analyse(request.user, wave),
    }
