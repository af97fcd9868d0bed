"""The hub of a trial: the made firm with its last wave, the sections, and every answer so far."""

import random
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from surveys import questionnaire
from surveys.forms.editor.trials import MadeFirmForm
from surveys.models import InstrumentDraft
from surveys.queries.prior import month_in_words, prior_of
from surveys.queries.responses import Standing, answer_lines
from surveys.queries.trials import PERIOD, PERIOD_BEFORE, TOLD_AT, Kept, uses_last_wave
from surveys.questionnaire.editing.trials import made_wave
from surveys.questionnaire.items import Roster
from surveys.questionnaire.routing_reads import reads_frame
from surveys.questionnaire.speech import say
from surveys.views.editor.access import draft_page, frame
from surveys.views.editor.trial_state import (
    Trial,
    check_url,
    hub_url,
    keep,
    key_of,
    not_yet,
    page_url,
    played,
    trial_of,
    trial_url,
)

_DONE = {
    "make": "Last wave’s answers were made up. The trial begins anew.",
    "take": "The answers of the trial stand as last wave’s. The trial begins anew.",
    "drop": "The made firm did not answer last wave. The trial begins anew.",
}
_SHOWN = {
    "hidden": "not shown",
    "shown": "shown beside the question",
    "prefilled": "filled in",
    "confirmed": "to be confirmed",
}
_BECAME = {
    "confirmed": "confirmed",
    "changed": "changed",
    "prefilled": "left as filled in",
    "not_shown": "none to show",
    "shown": "shown",
}


@require_safe
@draft_page
def hub(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    trial = trial_of(request, draft)
    if trial is None:
        return not_yet(request, draft)
    return _shown(request, draft, trial)


@require_POST
@draft_page
def reset(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    """Forget the answers; the made firm stays who it is."""
    trial = trial_of(request, draft)
    if trial is None:
        request.session.pop(key_of(draft), None)
    else:
        trial.change(Kept(last=trial.kept.last, frame=trial.kept.frame))
        keep(request, draft, trial)
    messages.success(request, "The answers of the trial are gone. Begin anew.")
    return redirect(hub_url(draft))


@require_POST
@played
def last_wave(request: HttpRequest, draft: InstrumentDraft, trial: Trial) -> HttpResponse:
    """Give the made firm answers of the wave before, made up or those of this trial, or none."""
    wished, last = request.POST.get("last", ""), None
    if wished not in _DONE:
        return redirect(hub_url(draft))
    if wished == "make":
        last = made_wave(trial.instrument, random.SystemRandom())
    elif wished == "take":
        last = dict(trial.firm.answers)
    trial.change(Kept(last=last, frame=trial.kept.frame))
    if keep(request, draft, trial):
        messages.success(request, _DONE[wished])
    return redirect(hub_url(draft))


@require_POST
@played
def frame_values(request: HttpRequest, draft: InstrumentDraft, trial: Trial) -> HttpResponse:
    """Say what the sampling frame tells of the made firm."""
    form = MadeFirmForm(request.POST)
    if not form.is_valid():
        return _shown(request, draft, trial, form)
    trial.change(replace(trial.kept, frame=form.known))
    keep(request, draft, trial)
    messages.success(request, "The made firm was changed. The route follows it from here on.")
    return redirect(hub_url(draft))


def _shown(
    request: HttpRequest, draft: InstrumentDraft, trial: Trial, typed: MadeFirmForm | None = None
) -> HttpResponse:
    firm = trial.firm
    onward = firm.first_open_page
    shown = {
        "sections": [_section(draft, trial, status) for status in firm.sections],
        "lines": _lines(trial),
        "onward": page_url(draft, onward.name) if onward else "",
        "check": check_url(draft),
        "intro": firm.fill(trial.instrument.intro),
        "done": sum(page.name in firm.saved for page in firm.route.pages),
        "begun": bool(trial.kept.revision),
        "pages": len(firm.route.pages),
    }
    context = frame(draft, "try") | shown | _made_firm(trial, typed)
    status = 200 if typed is None else 422
    return render(request, "research/editor/trial.html", context, status=status)


def _made_firm(trial: Trial, typed: MadeFirmForm | None) -> dict[str, Any]:
    """Who the made firm is, and what it said in the wave before."""
    firm, form = trial.firm, typed
    if form is None and reads_frame(trial.instrument):
        form = MadeFirmForm.of(trial.kept.frame)
    return {
        "firm": firm.case.firm_name,
        "period": _years(PERIOD),
        "period_before": _years(PERIOD_BEFORE),
        "told_in": month_in_words(TOLD_AT),
        "uses_last_wave": uses_last_wave(trial.instrument),
        "has_last_wave": trial.kept.last is not None,
        "told": _told(firm),
        "frame_form": form,
    }


def _years(period: tuple[int, int]) -> str:
    return f"{period[0]}–{period[1]}"


def _told(firm: Standing) -> list[dict[str, str]]:
    """What the made firm said in the wave before, by variable, and how it is shown now."""
    prior = prior_of(firm.case)
    if prior is None:
        return []
    lines = []
    for item in firm.instrument.items:
        answer = "; ".join(each.name for each in prior.entries.get(item.name, ()))
        if not isinstance(item, Roster) and item.name in prior.answers:
            answer = questionnaire.answer_text(item, prior.answers[item.name])
        if answer:
            label = firm.fill(item.label)
            line = {
                "name": item.name,
                "label": label,
                "answer": answer,
                "mode": _SHOWN[item.dependent],
            }
            lines.append(line)
    return lines


def _lines(trial: Trial) -> list[dict[str, str]]:
    """Every answer by its variable, with what became of last wave's."""
    firm = trial.firm
    return [
        {
            "name": line.item,
            "label": line.question,
            "answer": line.answer or say(questionnaire.NOT_PROVIDED),
            "flag": _BECAME.get(trial.kept.flags.get(line.item, ""), ""),
        }
        for page in firm.route.pages
        if page.name in firm.saved
        for line in answer_lines(page, firm)
    ]


def _section(
    draft: InstrumentDraft, trial: Trial, status: questionnaire.SectionStatus
) -> dict[str, Any]:
    firm = trial.firm
    target = next((page for page in status.pages if page.name not in firm.saved), None)
    target = target or next(iter(status.pages), None)
    ends = status.section.summary and bool(status.pages) and status.done == len(status.pages)
    return {
        "title": firm.fill(status.section.title),
        "done": status.done,
        "pages": len(status.pages),
        "url": page_url(draft, target.name) if target else "",
        "summary": trial_url(draft, "section", status.section.name) if ends else "",
        "looks_again": any(page.name in firm.to_confirm for page in status.pages),
    }
