"""The pages of one entry of a roster: shown, read, saved, or held up by a conflict."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from surveys.actions import page_drafts
from surveys.actions import rosters as actions
from surveys.actions.responses import AlreadySubmitted, OffRoute, PageConflict, WaveClosed
from surveys.actions.roster_lists import RosterFull
from surveys.actions.rosters import EntryGone
from surveys.forms.pages import PageForm
from surveys.models import Case
from surveys.queries.page_drafts import is_overtaken
from surveys.queries.responses import AnswerLine, Standing, answer_lines, roster_of, standing
from surveys.questionnaire.speech import say
from surveys.views import autosave, failures, page_visits, refusals, soft_edits
from surveys.views.admission import firm_page, forget, writer_of
from surveys.views.autosave import ShownDraft
from surveys.views.firm import (
    back_to,
    built_on,
    frame,
    page_url,
    steps,
    twice_if_locked,
    typed,
    whole_number,
)
from surveys.views.roster_places import (
    Place,
    form_of,
    name_of,
    url_of,
)


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page
def entry(request: HttpRequest, case: Case, page: str, entry: str, step: int) -> HttpResponse:
    """One step of one entry: shown, read, saved."""
    place, refusal = place_of(request, case, page, entry, step)
    if place is None:
        return refusal
    if step not in place.steps:
        return gone(request, place, ())
    if request.method == "POST":
        return _answered(request, place)
    return _opened(request, place)


def _opened(request: HttpRequest, place: Place) -> HttpResponse:
    """The step with what is saved or typed; both, where someone else saved it since."""
    form, firm = form_of(place), place.firm
    draft, shown = autosave.show_draft(firm, form, place.key, way_back=back_to(request, firm))
    if draft is None or not is_overtaken(draft, firm):
        return _shown(request, place, form, draft=shown)
    sent = form_of(place, autosave.drafted(draft))
    if not sent.is_valid():
        return _shown(request, place, form, draft=shown)
    if sent.answers == place.answers:
        page_drafts.discard(case=firm.case, page=place.page.name, entry=place.key)
        return _shown(request, place, form_of(place))
    action = url_of(request, place, place.step)
    return refusals.conflict(
        request, firm, sent, place.answers, firm.revision, action=action, draft=draft
    )


def place_of(
    request: HttpRequest, case: Case, page: str, entry: str, step: int
) -> tuple[Place, HttpResponse] | tuple[None, HttpResponse]:
    """The place that an address names, or the page that says why there is none now."""
    firm = standing(case)
    definition = next((each for each in firm.instrument.pages if each.name == page), None)
    roster = roster_of(definition) if definition is not None else None
    if definition is None or roster is None or not 1 <= step <= len(roster.pages):
        return None, refusals.off_route(request, firm, None)
    place = Place(firm, definition, roster, entry, step)
    if firm.is_submitted:
        return None, refusals.read_only(request, firm, _typed_lines(request, place))
    if not firm.route.holds(page):
        return None, refusals.off_route(request, firm, definition, _typed_lines(request, place))
    return place, HttpResponse()


def _answered(request: HttpRequest, place: Place) -> HttpResponse:
    undecided = [
        item for item in request.POST.getlist("_conflict") if f"_keep-{item}" not in request.POST
    ]
    form = form_of(place, typed(request, place.as_page, place.answers))
    if "_search" in request.POST:
        form.look_up(request.POST["_search"])
        return _shown(request, place, form)
    is_valid = form.is_valid()
    if is_valid and place.step == 1 and not form.answers.get(place.roster.items[0].name):
        name = place.roster.items[0].name
        form.add_error(name, say("Enter a name for the {thing}.", thing=place.roster.thing))
        is_valid = False
    if not is_valid:
        page_visits.record_refusal(place.firm.case, form, page=place.page.name, entry=place.key)
        return _shown(request, place, form)
    if undecided:
        return _conflict(request, place, form, place.answers, place.firm.revision, undecided)
    place = _known_again(place, form)
    form.questions = tuple(
        replace(finding, edit=f"{finding.edit}@{place.entry}") for finding in form.questions
    )
    decided = place.firm.response.edit_decisions if place.firm.response else {}
    if soft_edits.unasked(request, form, decided) or soft_edits.reason_too_long(request, form):
        page_visits.record_question(place.firm.case, form, page=place.page.name, entry=place.key)
        return _shown(request, place, form, asks=True)
    return _saved_or_refused(request, place, form)


def _known_again(place: Place, form: PageForm) -> Place:
    """The place of the entry of the wave before whose name a new one was given, if there is one."""
    typed_name = str(form.answers.get(place.roster.items[0].name) or "").casefold()
    if place.step != 1 or place.saved:
        return place
    for last in place.carried.waiting:
        if last.name.casefold() == typed_name:
            page_drafts.discard(case=place.firm.case, page=place.page.name, entry=place.key)
            return replace(place, entry=last.key)
    return place


def _saved_or_refused(request: HttpRequest, place: Place, form: PageForm) -> HttpResponse:
    firm = place.firm
    try:
        response = twice_if_locked(
            lambda: actions.save_entry(
                case=firm.case,
                page=place.page.name,
                entry=place.entry,
                step=place.step,
                answers=form.answers,
                built_on=whole_number(request.POST.get("_built_on", "")),
                decisions=soft_edits.decisions(request, form),
                at=timezone.now(),
                by=writer_of(request),
            )
        )
    except PageConflict as conflict:
        return _conflict(request, place, form, conflict.saved, conflict.revision, ())
    except (EntryGone, RosterFull) as refusal:
        unsaved = answer_lines(form.page, firm, form.answers)
        return gone(request, place, unsaved, is_full=isinstance(refusal, RosterFull))
    except WaveClosed:
        return refusals.closed(request, firm, form)
    except AlreadySubmitted:
        return refusals.read_only(request, firm, _typed_lines(request, place))
    except OffRoute:
        return refusals.off_route(request, firm, place.page, _typed_lines(request, place))
    except OperationalError:
        return failures.busy(request)
    page_visits.record_visit(
        request,
        firm.case,
        page=place.page.name,
        entry=place.key,
        items=form.answers,
        how="saved",
        changed=page_visits.changed_items(place.answers, form.answers),
    )
    return _onward(request, replace(place, firm=standing(response.case)))


def _onward(request: HttpRequest, place: Place) -> HttpResponse:
    """The next step of the entry that applies, or the list."""
    if request.POST.get("_then") == "leave":
        return _left(request, place.firm)
    if "_clear" in request.POST:
        return redirect(url_of(request, place, place.step))
    following = next((step for step in place.steps if step > place.step), None)
    if following is not None:
        return redirect(url_of(request, place, following))
    way_back = back_to(request, place.firm)
    return redirect(page_url(place.firm, place.page.name, back_to=way_back))


def _shown(
    request: HttpRequest,
    place: Place,
    form: PageForm,
    *,
    asks: bool = False,
    draft: ShownDraft | None = None,
) -> HttpResponse:
    firm = place.firm
    former = max((step for step in place.steps if step < place.step), default=None)
    way_back = back_to(request, firm)
    name = name_of(place.roster, place.saved)
    context = {
        "form": form,
        "page": form.page,
        "title": firm.fill(form.page.title),
        "above": f"{place.roster.thing.capitalize()}: {name}" if name else "",
        "built_on": built_on(request, firm),
        "questions": soft_edits.as_asked(request, form.questions if asks else ()),
        "action": url_of(request, place, place.step),
        "keep": reverse(
            "surveys:keep_entry_draft",
            args=[firm.case.public_id, place.page.name, place.entry, place.step],
        ),
        "draft": draft,
        "visit": page_visits.told(request),
        "comes_along": "page-form",
        "place": place.key,
        "back": page_url(firm, place.page.name, back_to=way_back)
        if former is None
        else url_of(request, place, former),
    }
    whole = frame(firm) | steps(firm, place.page) | context
    return render(request, "respondent/page.html", whole)


def _conflict(
    request: HttpRequest,
    place: Place,
    form: PageForm,
    saved: Mapping[str, Any],
    revision: int,
    undecided: Sequence[str],
) -> HttpResponse:
    action = url_of(request, place, place.step)
    return refusals.conflict(
        request, place.firm, form, saved, revision, action=action, undecided=undecided
    )


def gone(
    request: HttpRequest, place: Place, unsaved: Sequence[AnswerLine], *, is_full: bool = False
) -> HttpResponse:
    """The entry is not there any more, or there is no room for it; what was typed is shown."""
    context = {
        "roster": place.roster,
        "is_full": is_full,
        "unsaved": unsaved,
        "onward": page_url(place.firm, place.page.name),
    }
    status = 409 if is_full or request.method == "POST" else 404
    return render(
        request, "respondent/roster_gone.html", frame(place.firm) | context, status=status
    )


def _left(request: HttpRequest, firm: Standing) -> HttpResponse:
    forget(request, firm.case.public_id)
    return redirect("surveys:leave", firm.case.public_id)


def _typed_lines(request: HttpRequest, place: Place) -> tuple[AnswerLine, ...]:
    if request.method != "POST":
        return ()
    form = form_of(place, request.POST)
    form.is_valid()
    return answer_lines(form.page, place.firm, form.answers)
