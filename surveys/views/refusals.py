"""Pages of the questionnaire that cannot be shown or saved now; what was typed is shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from surveys.actions import paradata
from surveys.forms.pages import PageForm
from surveys.models import PageDraft
from surveys.queries.responses import AnswerLine, Standing, answer_lines
from surveys.questionnaire.instrument import Page
from surveys.views import failures
from surveys.views.firm import frame, page_url, steps


def closed(request: HttpRequest, firm: Standing, form: PageForm) -> HttpResponse:
    unsaved = answer_lines(form.page, firm, form.answers)
    context = {"reason": "closed", "unsaved": unsaved}
    return render(request, "respondent/refused.html", frame(firm) | context, status=403)


def read_only(
    request: HttpRequest, firm: Standing, unsaved: Sequence[AnswerLine] = ()
) -> HttpResponse:
    """The response has been submitted: a reader goes to the receipt, a writer is told."""
    if request.method != "POST":
        return redirect("surveys:receipt", firm.case.public_id)
    context = {"unsaved": unsaved}
    return render(request, "respondent/submitted.html", frame(firm) | context, status=409)


def off_route(
    request: HttpRequest, firm: Standing, page: Page | None, unsaved: Sequence[AnswerLine] = ()
) -> HttpResponse:
    """No such page for this firm now: say why, and where to go on."""
    following = firm.first_open_page
    context = {
        "is_known": page is not None,
        "title": firm.fill(page.title) if page else "",
        "unsaved": unsaved,
        "onward": page_url(firm, following.name) if following else "",
    }
    return render(request, "respondent/off_route.html", frame(firm) | context, status=404)


def conflict(
    request: HttpRequest,
    firm: Standing,
    form: PageForm,
    saved: Mapping[str, Any],
    revision: int,
    *,
    action: str,
    undecided: Sequence[str] = (),
    draft: PageDraft | None = None,
) -> HttpResponse:
    """Both versions side by side; either can be kept, item by item. Nothing was written.

    What was typed comes with the request, or from the draft that is given.
    """
    theirs = answer_lines(form.page, firm, saved)
    mine = answer_lines(form.page, firm, form.answers)
    context = {
        "pairs": [
            {"item": line.item, "question": line.question, "saved": line.answer, "mine": own.answer}
            for line, own in zip(theirs, mine, strict=True)
            if saved.get(line.item) != form.answers.get(line.item)
        ],
        "undecided": undecided,
        "carried": [
            (name, value)
            for name, value in (
                failures.carried_fields(request) if draft is None else of_draft(draft)
            )
            if name not in {"_built_on", "_conflict"} and not name.startswith("_keep-")
        ],
        "revision": revision,
        "action": action,
        "draft": draft,
    }
    paradata.record(firm.case, "page_conflict", timezone.now(), page=form.page.name)
    whole = frame(firm) | steps(firm, form.page) | context
    status = 409 if draft is None else 200
    return render(request, "respondent/conflict.html", whole, status=status)


def of_draft(draft: PageDraft) -> list[tuple[str, str]]:
    """The fields of a draft, as hidden fields take them."""
    return [(name, value) for name, values in draft.typed.items() for value in values]
