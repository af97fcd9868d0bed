"""One page of the questionnaire: shown, read, questioned, saved, or held up by a conflict."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from surveys.actions import responses
from surveys.actions.responses import (
    AlreadySubmitted,
    Decision,
    OffRoute,
    PageConflict,
    WaveClosed,
)
from surveys.forms.items import typed_from
from surveys.forms.pages import PageForm
from surveys.forms.text import plain
from surveys.models import Case, Response
from surveys.queries.responses import Standing, answer_lines, standing
from surveys.questionnaire import Finding
from surveys.questionnaire.instrument import Page
from surveys.views import failures
from surveys.views.admission import firm_page, forget
from surveys.views.firm import frame, page_url, steps, twice_if_locked, url_after, url_before

_LONGEST_REASON = 1000


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page
def page(request: HttpRequest, case: Case, page: str) -> HttpResponse:
    firm = standing(case)
    try:
        definition = firm.instrument.page(page)
    except KeyError:
        return _off_route(request, firm, None)
    if firm.is_submitted:
        return _read_only(request, firm, definition)
    if not firm.route.holds(page):
        return _off_route(request, firm, definition)
    if request.method == "POST":
        return _answered(request, firm, definition)
    form = PageForm(page=definition, context=firm.context, answers=firm.route.answers)
    return _shown(request, firm, form)


def _answered(request: HttpRequest, firm: Standing, page: Page) -> HttpResponse:
    """Read what was typed; save it, or show what stands in the way."""
    undecided = [
        item for item in request.POST.getlist("_conflict") if f"_keep-{item}" not in request.POST
    ]
    form = PageForm(page=page, context=firm.context, data=_typed(request, firm, page))
    is_valid = form.is_valid()
    if undecided and is_valid:
        return _conflict(request, firm, form, _saved(firm, page), firm.revision, undecided)
    if not is_valid:
        return _shown(request, firm, form)
    unasked = _unasked(request, firm, form)
    if unasked or _reason_too_long(request, form):
        return _shown(request, firm, form, questions=form.questions)
    return _saved_or_refused(request, firm, form)


def _saved_or_refused(request: HttpRequest, firm: Standing, form: PageForm) -> HttpResponse:
    try:
        response = twice_if_locked(
            lambda: responses.save_page(
                case=firm.case,
                page=form.page.name,
                answers=form.answers,
                built_on=_whole_number(request.POST.get("_built_on", "")),
                decisions=_decisions(request, form),
                at=timezone.now(),
            )
        )
    except PageConflict as conflict:
        return _conflict(request, firm, form, conflict.saved, conflict.revision)
    except WaveClosed:
        return _closed(request, firm, form)
    except AlreadySubmitted:
        return _read_only(request, firm, form.page)
    except OffRoute:
        return _off_route(request, firm, form.page)
    except OperationalError:
        return failures.busy(request)
    return _onward(request, response, form.page)


def _onward(request: HttpRequest, response: Response, page: Page) -> HttpResponse:
    firm = standing(response.case)
    from_check = "check" in request.GET
    if request.POST.get("_then") == "leave":
        forget(request, firm.case.public_id)
        return redirect("surveys:leave", firm.case.public_id)
    if "_clear" in request.POST:
        return redirect(page_url(firm, page.name, from_check=from_check))
    return redirect(url_after(firm, page, from_check=from_check))


def _typed(request: HttpRequest, firm: Standing, page: Page) -> QueryDict:
    """What was typed, after the choices made on a conflict page and answers to be cleared."""
    typed = request.POST.copy()
    cleared = request.POST.get("_clear", "")
    if cleared in typed:
        typed.setlist(cleared, [])
    for item in page.items:
        if request.POST.get(f"_keep-{item.name}") == "saved":
            for name, value in typed_from(item, _saved(firm, page).get(item.name)).items():
                typed.setlist(name, value if isinstance(value, list) else [str(value)])
    return typed


def _saved(firm: Standing, page: Page) -> dict[str, Any]:
    answers = firm.response.answers if firm.response else {}
    return {item.name: answers.get(item.name) for item in page.items}


def _unasked(request: HttpRequest, firm: Standing, form: PageForm) -> list[Finding]:
    """Soft edits that the firm has not been asked about with these answers."""
    decided = firm.response.edit_decisions if firm.response else {}
    asked = set(request.POST.getlist("_asked"))
    return [
        finding
        for finding in form.questions
        if asked_mark(finding) not in asked
        and decided.get(finding.edit, {}).get("message") != finding.message
    ]


def asked_mark(finding: Finding) -> str:
    """Tells a soft edit with the sentence it spoke, so that other answers are asked anew."""
    return f"{finding.edit}:{hashlib.sha256(finding.message.encode()).hexdigest()[:16]}"


def _decisions(request: HttpRequest, form: PageForm) -> list[Decision]:
    asked = set(request.POST.getlist("_asked"))
    kept = [
        Decision(finding.edit, finding.message, kept=True, reason=_reason(request, finding.edit))
        for finding in form.questions
        if asked_mark(finding) in asked
    ]
    speaking = {finding.edit for finding in form.questions}
    changed = {mark.partition(":")[0] for mark in asked} - speaking
    known = {edit.name for edit in form.page.edits}
    return kept + [Decision(edit, "", kept=False) for edit in sorted(changed & known)]


def _reason(request: HttpRequest, edit: str) -> str:
    return plain(request.POST.get(f"_reason-{edit}", ""))


def _reason_too_long(request: HttpRequest, form: PageForm) -> bool:
    """Add an error for every reason over the limit. True if there was one."""
    lengths = [len(_reason(request, finding.edit)) for finding in form.questions]
    if max(lengths, default=0) <= _LONGEST_REASON:
        return False
    sentence = f"Your reason has {max(lengths)} characters. Shorten it to {_LONGEST_REASON}."
    form.add_error(None, sentence)
    return True


def _shown(
    request: HttpRequest, firm: Standing, form: PageForm, questions: tuple[Finding, ...] = ()
) -> HttpResponse:
    from_check = "check" in request.GET
    context = {
        "form": form,
        "page": form.page,
        "title": firm.fill(form.page.title),
        "intro": firm.fill(form.page.intro),
        "built_on": _built_on(request, firm),
        "questions": [
            {
                "edit": finding.edit,
                "message": finding.message,
                "mark": asked_mark(finding),
                "reason": _reason(request, finding.edit),
            }
            for finding in questions
        ],
        "action": page_url(firm, form.page.name, from_check=from_check),
        "back": url_before(firm, form.page, from_check=from_check),
    }
    return render(request, "respondent/page.html", frame(firm) | steps(firm, form.page) | context)


def _built_on(request: HttpRequest, firm: Standing) -> int:
    """The revision the person has seen: on an error page still the one of the first showing."""
    if request.method == "POST" and "_built_on" in request.POST:
        return _whole_number(request.POST["_built_on"])
    return firm.revision


def _conflict(
    request: HttpRequest,
    firm: Standing,
    form: PageForm,
    saved: Mapping[str, Any],
    revision: int,
    undecided: list[str] | None = None,
) -> HttpResponse:
    """Both versions side by side; either can be kept, item by item. Nothing was written."""
    theirs = answer_lines(form.page, firm, saved)
    mine = answer_lines(form.page, firm, form.answers)
    context = {
        "pairs": [
            {"item": line.item, "question": line.question, "saved": line.answer, "mine": own.answer}
            for line, own in zip(theirs, mine, strict=True)
            if saved.get(line.item) != form.answers.get(line.item)
        ],
        "undecided": undecided or [],
        "carried": [
            (name, value)
            for name, value in failures.carried_fields(request)
            if name not in {"_built_on", "_conflict"} and not name.startswith("_keep-")
        ],
        "revision": revision,
        "action": page_url(firm, form.page.name, from_check="check" in request.GET),
    }
    return render(
        request,
        "respondent/conflict.html",
        frame(firm) | steps(firm, form.page) | context,
        status=409,
    )


def _closed(request: HttpRequest, firm: Standing, form: PageForm) -> HttpResponse:
    context = {"reason": "closed", "unsaved": answer_lines(form.page, firm, form.answers)}
    return render(request, "respondent/refused.html", frame(firm) | context, status=403)


def _read_only(request: HttpRequest, firm: Standing, page: Page) -> HttpResponse:
    """The response has been submitted: a reader goes to the receipt, a writer is told."""
    if request.method != "POST":
        return redirect("surveys:receipt", firm.case.public_id)
    context = {"unsaved": _typed_lines(request, firm, page)}
    return render(request, "respondent/submitted.html", frame(firm) | context, status=409)


def _off_route(request: HttpRequest, firm: Standing, page: Page | None) -> HttpResponse:
    """No such page for this firm now: say why, and where to go on."""
    following = firm.first_open_page
    context = {
        "is_known": page is not None,
        "title": firm.fill(page.title) if page else "",
        "unsaved": _typed_lines(request, firm, page) if page else (),
        "onward": page_url(firm, following.name) if following else "",
    }
    return render(request, "respondent/off_route.html", frame(firm) | context, status=404)


def _typed_lines(request: HttpRequest, firm: Standing, page: Page) -> tuple[Any, ...]:
    if request.method != "POST":
        return ()
    form = PageForm(page=page, context=firm.context, data=request.POST)
    form.is_valid()
    return answer_lines(page, firm, form.answers)


def _whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
