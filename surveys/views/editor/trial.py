"""Trying a draft: the firm's own pages, with answers that stay in the session alone."""

import random
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from surveys.forms.pages import PageForm
from surveys.models import InstrumentDraft
from surveys.queries.responses import roster_of
from surveys.questionnaire import Finding
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import Computed
from surveys.questionnaire.offering import takes_answer
from surveys.questionnaire.speech import say
from surveys.views import prior_answers, soft_edits
from surveys.views.editor import trial_saving as saving
from surveys.views.editor.access import draft_page
from surveys.views.editor.trial_rosters import collected
from surveys.views.editor.trial_state import (
    Trial,
    check_url,
    hub_url,
    keep,
    links,
    page_url,
    played,
    trial_frame,
    trial_of,
    url_after,
)
from surveys.views.firm import back_to, typed
from surveys.views.lookups import codes_of, found

_CHANGED = "An answer behind this number has changed since you confirmed it. Look at it again."


@require_http_methods(["GET", "HEAD", "POST"])
@played
def page(request: HttpRequest, draft: InstrumentDraft, trial: Trial, page: str) -> HttpResponse:
    """One page as a firm sees it. What is typed is kept in the session and nowhere else."""
    if not trial.firm.route.holds(page):
        messages.info(request, f"The page “{page}” does not apply with the answers given so far.")
        return redirect("surveys:try_draft", draft.survey.slug, draft.slug)
    definition = trial.instrument.page(page)
    if (roster := roster_of(definition)) is not None:
        return collected(request, draft, trial, definition, roster)
    if request.method != "POST":
        return _shown(request, draft, trial, _form(draft, trial, definition))
    if "_made" in request.POST:
        return _shown(request, draft, trial, _made(draft, trial, definition))
    return _answered(request, draft, trial, definition)


@require_POST
@played
def fill_in(request: HttpRequest, draft: InstrumentDraft, trial: Trial) -> HttpResponse:
    """Give made answers to every page that was not gone through, up to the check."""
    saving.fill_in(trial, random.SystemRandom())
    keep(request, draft, trial)
    return redirect(check_url(draft))


@require_POST
@draft_page
def language(request: HttpRequest, draft: InstrumentDraft) -> HttpResponse:
    """Play on in another language of the draft, on the page that the choice was made on."""
    trial = trial_of(request, draft)
    wished = request.POST.get("_language", "")
    if trial is not None and wished in trial.instrument.languages:
        trial.language = wished
        keep(request, draft, trial)
    target = request.POST.get("_next", "")
    is_ours = target.startswith(hub_url(draft)) and url_has_allowed_host_and_scheme(
        target, allowed_hosts=None
    )
    return redirect(target if is_ours else hub_url(draft))


@require_POST
@played
def lookup(request: HttpRequest, _draft: InstrumentDraft, trial: Trial, item: str) -> HttpResponse:
    """The codes of a long list that fit what was typed, as JSON."""
    codes = codes_of(trial.instrument.pages, item)
    if codes is None:
        raise Http404
    return found(request, codes)


def _answered(
    request: HttpRequest, draft: InstrumentDraft, trial: Trial, page: Page
) -> HttpResponse:
    """Read what was typed; keep it, or show what stands in the way."""
    firm = trial.firm
    sent = typed(request, page, _saved(trial, page))
    contradictions = prior_answers.confirm(page, firm, sent)
    form = _form(draft, trial, page, sent)
    if "_search" in request.POST:
        form.look_up(request.POST["_search"])
        return _shown(request, draft, trial, form)
    form.is_valid()
    form.contradict(contradictions)
    if not form.is_valid():
        return _shown(request, draft, trial, form, status=422)
    unasked = soft_edits.unasked(request, form, trial.kept.decisions)
    if unasked or soft_edits.reason_too_long(request, form):
        return _shown(request, draft, trial, form, questions=form.questions)
    saving.save_page(
        trial,
        page,
        form.answers,
        still_right=prior_answers.still_right(page, firm, request.POST),
        decisions=soft_edits.decisions(request, form),
    )
    keep(request, draft, trial)
    way_back = back_to(request, trial.firm)
    if "_clear" in request.POST:
        return redirect(page_url(draft, page.name, back_to=way_back))
    return redirect(url_after(draft, trial, page, back_to=way_back))


def _form(
    draft: InstrumentDraft,
    trial: Trial,
    page: Page,
    sent: QueryDict | None = None,
    made: dict[str, Any] | None = None,
) -> PageForm:
    """The form of the page, with last wave's answers; `made` stands in the place of the saved."""
    firm = trial.firm
    form = PageForm(
        page=page,
        context=firm.context,
        data=sent,
        answers=made or _saved(trial, page),
        known=firm.known,
        links=links(draft, trial, page),
    )
    before = dict(form.initial)
    prior_answers.attach(firm, form, sent)
    if made:
        form.initial.update(before)
    if page.name in firm.to_confirm:
        shown = (item.name for item in page.items if isinstance(item, Computed))
        form.notices |= {name: say(_CHANGED) for name in shown}
    return form


def _made(draft: InstrumentDraft, trial: Trial, page: Page) -> PageForm:
    """The page filled with a valid answer to every question."""
    made = saving.made_answers(trial, page, random.SystemRandom())
    return _form(draft, trial, page, made=made)


def _saved(trial: Trial, page: Page) -> dict[str, Any]:
    given = trial.firm.answers
    return {item.name: given.get(item.name) for item in page.items if takes_answer(item)}


def _shown(
    request: HttpRequest,
    draft: InstrumentDraft,
    trial: Trial,
    form: PageForm,
    *,
    questions: tuple[Finding, ...] = (),
    status: int = 200,
) -> HttpResponse:
    firm = trial.firm
    before, way_back = firm.route.page_before(form.page.name), back_to(request, firm)
    context = {
        "form": form,
        "page": form.page,
        "title": firm.fill(form.page.title),
        "intro": firm.fill(form.page.intro),
        "questions": soft_edits.as_asked(request, questions),
        "action": page_url(draft, form.page.name, back_to=way_back),
        "back": page_url(draft, before.name) if before else hub_url(draft),
    }
    if way_back and firm.route.holds(way_back):
        context["back"] = page_url(draft, way_back)
    context |= trial_frame(draft, trial, form.page)
    return render(request, "research/editor/trial_page.html", context, status=status)
