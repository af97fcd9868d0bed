"""One page of the questionnaire: shown, read, questioned, saved, or held up by a conflict."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from surveys.actions import page_drafts, responses
from surveys.actions.responses import (
    AlreadySubmitted,
    OffRoute,
    PageConflict,
    WaveClosed,
)
from surveys.forms.pages import PageForm
from surveys.models import Case, CaseEvent, Response
from surveys.queries.page_drafts import is_overtaken
from surveys.queries.responses import Standing, answer_lines, roster_of, standing
from surveys.questionnaire import Finding
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import Computed
from surveys.questionnaire.offering import takes_answer
from surveys.questionnaire.speech import say
from surveys.views import (
    autosave,
    failures,
    page_visits,
    prior_answers,
    refusals,
    roster_lists,
    soft_edits,
)
from surveys.views.admission import firm_page, forget, writer_of
from surveys.views.autosave import ShownDraft
from surveys.views.firm import (
    back_to,
    built_on,
    frame,
    links,
    page_url,
    steps,
    twice_if_locked,
    typed,
    url_after,
    url_before,
    whole_number,
)

_CHANGED = "An answer behind this number has changed since you confirmed it. Look at it again."


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page
def page(request: HttpRequest, case: Case, page: str) -> HttpResponse:
    firm = standing(case)
    try:
        definition = firm.instrument.page(page)
    except KeyError:
        return refusals.off_route(request, firm, None)
    if firm.is_submitted:
        return refusals.read_only(request, firm, _typed_lines(request, firm, definition))
    if not firm.route.holds(page):
        unsaved = _typed_lines(request, firm, definition)
        return refusals.off_route(request, firm, definition, unsaved)
    if (roster := roster_of(definition)) is not None:
        return roster_lists.collected(request, firm, definition, roster)
    if request.method == "POST":
        return _answered(request, firm, definition)
    return _opened(request, firm, definition)


def _form(firm: Standing, page: Page, typed: QueryDict | None = None) -> PageForm:
    form = PageForm(
        page=page,
        context=firm.context,
        data=typed,
        answers=_saved(firm, page),
        known=firm.known,
        links=links(firm, page),
    )
    prior_answers.attach(firm, form, typed)
    if page.name in firm.to_confirm:
        shown = (item.name for item in page.items if isinstance(item, Computed))
        form.notices |= {name: say(_CHANGED) for name in shown}
    return form


def _opened(request: HttpRequest, firm: Standing, page: Page) -> HttpResponse:
    """The page with what is saved, or with what was typed and not saved yet.

    If someone saved the page since, both versions are shown to choose from.
    """
    form = _form(firm, page)
    draft, shown = autosave.show_draft(firm, form, way_back=back_to(request, firm))
    if draft is None or not is_overtaken(draft, firm):
        return _shown(request, firm, form, draft=shown)
    sent = _form(firm, page, autosave.drafted(draft))
    if not sent.is_valid():
        return _shown(request, firm, form, draft=shown)
    if sent.answers == _saved(firm, page):
        page_drafts.discard(case=firm.case, page=page.name, entry="")
        return _shown(request, firm, _form(firm, page))
    action = page_url(firm, page.name, back_to=back_to(request, firm))
    return refusals.conflict(
        request, firm, sent, _saved(firm, page), firm.revision, action=action, draft=draft
    )


def _answered(request: HttpRequest, firm: Standing, page: Page) -> HttpResponse:
    """Read what was typed; save it, or show what stands in the way."""
    undecided = [
        item for item in request.POST.getlist("_conflict") if f"_keep-{item}" not in request.POST
    ]
    sent = typed(request, page, _saved(firm, page))
    contradictions = prior_answers.confirm(page, firm, sent)
    form = _form(firm, page, sent)
    if "_search" in request.POST:
        form.look_up(request.POST["_search"])
        return _shown(request, firm, form)
    form.is_valid()
    form.contradict(contradictions)
    is_valid = form.is_valid()
    if undecided and is_valid:
        return _conflict(request, firm, form, _saved(firm, page), firm.revision, undecided)
    if not is_valid:
        page_visits.record_refusal(firm.case, form, page=page.name)
        return _shown(request, firm, form)
    decided = firm.response.edit_decisions if firm.response else {}
    unasked = soft_edits.unasked(request, form, decided)
    if unasked or soft_edits.reason_too_long(request, form):
        page_visits.record_question(firm.case, form, page=page.name)
        return _shown(request, firm, form, questions=form.questions)
    return _saved_or_refused(request, firm, form)


def _saved_or_refused(request: HttpRequest, firm: Standing, form: PageForm) -> HttpResponse:
    try:
        response = twice_if_locked(
            lambda: responses.save_page(
                case=firm.case,
                page=form.page.name,
                answers=form.answers,
                built_on=whole_number(request.POST.get("_built_on", "")),
                still_right=prior_answers.still_right(form.page, firm, request.POST),
                decisions=soft_edits.decisions(request, form),
                at=timezone.now(),
                by=writer_of(request),
                ended=_ended_visit(request, firm, form),
            )
        )
    except PageConflict as conflict:
        return _conflict(request, firm, form, conflict.saved, conflict.revision)
    except WaveClosed:
        return refusals.closed(request, firm, form)
    except AlreadySubmitted:
        return refusals.read_only(request, firm, _typed_lines(request, firm, form.page))
    except OffRoute:
        unsaved = _typed_lines(request, firm, form.page)
        return refusals.off_route(request, firm, form.page, unsaved)
    except OperationalError:
        return failures.busy(request)
    return _onward(request, response, form.page)


def _ended_visit(request: HttpRequest, firm: Standing, form: PageForm) -> tuple[CaseEvent, ...]:
    return page_visits.ended_visit(
        request,
        firm.case,
        page=form.page.name,
        items=form.answers,
        how="saved",
        changed=page_visits.changed_items(_saved(firm, form.page), form.answers),
    )


def _onward(request: HttpRequest, response: Response, page: Page) -> HttpResponse:
    firm = standing(response.case)
    way_back = back_to(request, firm)
    if request.POST.get("_then") == "leave":
        forget(request, firm.case.public_id)
        return redirect("surveys:leave", firm.case.public_id)
    if "_clear" in request.POST or page.name in firm.to_confirm:
        return redirect(page_url(firm, page.name, back_to=way_back))
    return redirect(url_after(firm, page, back_to=way_back))


def _saved(firm: Standing, page: Page) -> dict[str, Any]:
    return {item.name: firm.answers.get(item.name) for item in page.items if takes_answer(item)}


def _shown(
    request: HttpRequest,
    firm: Standing,
    form: PageForm,
    questions: tuple[Finding, ...] = (),
    draft: ShownDraft | None = None,
) -> HttpResponse:
    way_back = back_to(request, firm)
    context = {
        "form": form,
        "page": form.page,
        "title": firm.fill(form.page.title),
        "intro": firm.fill(form.page.intro),
        "built_on": built_on(request, firm),
        "questions": soft_edits.as_asked(request, questions),
        "action": page_url(firm, form.page.name, back_to=way_back),
        "keep": reverse("surveys:keep_draft", args=[firm.case.public_id, form.page.name]),
        "draft": draft,
        "visit": page_visits.told(request),
        "comes_along": "page-form",
        "back": url_before(firm, form.page, back_to=way_back),
    }
    return render(request, "respondent/page.html", frame(firm) | steps(firm, form.page) | context)


def _conflict(
    request: HttpRequest,
    firm: Standing,
    form: PageForm,
    saved: Mapping[str, Any],
    revision: int,
    undecided: Sequence[str] = (),
) -> HttpResponse:
    action = page_url(firm, form.page.name, back_to=back_to(request, firm))
    return refusals.conflict(
        request, firm, form, saved, revision, action=action, undecided=undecided
    )


def _typed_lines(request: HttpRequest, firm: Standing, page: Page) -> tuple[Any, ...]:
    if request.method != "POST":
        return ()
    form = _form(firm, page, request.POST)
    form.is_valid()
    return answer_lines(page, firm, form.answers)
