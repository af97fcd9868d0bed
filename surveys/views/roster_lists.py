"""The list of a roster: its entries, those of the wave before among them, and its end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from surveys.actions import prior_entries
from surveys.actions import rosters as actions
from surveys.actions.prior_entries import NotOfLastWave
from surveys.actions.responses import AlreadySubmitted, OffRoute, WaveClosed
from surveys.actions.roster_lists import RosterFull
from surveys.models import Case, Response
from surveys.queries.failing import Problem, list_findings, roster_problems
from surveys.queries.prior_entries import Carried
from surveys.queries.responses import Standing, standing
from surveys.questionnaire import Finding
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import Roster
from surveys.questionnaire.speech import say
from surveys.views import failures, page_visits, refusals, soft_edits
from surveys.views.admission import firm_page, forget, writer_of
from surveys.views.firm import (
    back_query,
    back_to,
    frame,
    page_url,
    steps,
    twice_if_locked,
    url_after,
    url_before,
)
from surveys.views.prior_entries import gone_lines, month_of, tag_of, told_lines, waiting_lines
from surveys.views.roster_places import Place, entries_of, entry_url, name_of, roster_in
from surveys.views.rosters import gone, place_of

Write = Callable[[], Response]


def collected(request: HttpRequest, firm: Standing, page: Page, roster: Roster) -> HttpResponse:
    """The list of entries; sent, it is closed as it stands and leads on."""
    if request.method == "POST" and (key := request.POST.get("_still", "")):
        return _confirmed(request, firm, page, key)
    if request.method == "POST" and (key := request.POST.get("_back", "")):
        return _taken_back(request, firm, page, key)
    listed = listed_as_seen(firm, page, Place(firm, page, roster, "", 1).carried)
    if request.method != "POST":
        return _shown(request, firm, listed)
    decided = firm.response.edit_decisions if firm.response else {}
    unasked = soft_edits.unasked(request, listed, decided)
    is_held_up = bool(listed.problems or unasked) or soft_edits.reason_too_long(request, listed)
    if not is_held_up or request.POST.get("_then") == "leave":
        return _closed(request, firm, listed, is_leaving=is_held_up)
    if not listed.problems:
        page_visits.record_question(firm.case, listed, page=page.name)
    return _shown(request, firm, listed)


@dataclass(slots=True)
class Listed:
    """The list as the firm sees it: what is wrong with it, and what it is asked about.

    `remarks` are what the author's edits say of the entries that are there already.
    """

    page: Page
    carried: Carried
    problems: list[Problem]
    questions: tuple[Finding, ...]
    remarks: tuple[str, ...]

    def add_error(self, _field: str | None, error: str, /) -> None:
        self.problems = [*self.problems, Problem(self.page.name, self.carried.roster.name, error)]


def listed_as_seen(firm: Standing, page: Page, carried: Carried) -> Listed:
    entries, roster = _entries(firm, carried), carried.roster
    findings = list_findings(page, carried, entries, firm.route, firm.context)
    of_entries = _problems(firm, page, carried)
    of_list = [
        Problem(page.name, roster.name, found.message)
        for found in findings
        # A blank in an entry is told once: where the entry is not finished, that is enough.
        if found.severity == "hard" and not (of_entries and _is_of_entry(found, roster))
    ]
    questions = tuple(
        found for found in findings if found.severity == "soft" and not _is_of_entry(found, roster)
    )
    edits = {edit.name for edit in page.edits} if entries else set()
    remarks = tuple(found.message for found in findings if found.edit in edits)
    return Listed(page, carried, of_entries + of_list, questions, remarks)


def _is_of_entry(found: Finding, roster: Roster) -> bool:
    """Whether it is a blank within an entry, which the page of that entry asks about."""
    return found.edit in {f"{item.name}.required" for item in roster.items}


def _entries(firm: Standing, carried: Carried) -> list[dict[str, Any]]:
    counting = firm.route.answers.get(carried.roster.name)
    return carried.with_waiting(counting if isinstance(counting, list) else [])


def _problems(firm: Standing, page: Page, carried: Carried) -> list[Problem]:
    """What is wrong with single entries of the list as the firm sees it."""
    entries = _entries(firm, carried)
    return roster_problems(page, carried, entries, firm.route, firm.context)


def _shown(request: HttpRequest, firm: Standing, listed: Listed) -> HttpResponse:
    page, carried, problems = listed.page, listed.carried, listed.problems
    is_sent = request.method == "POST"
    roster, way_back = carried.roster, back_to(request, firm)
    entries = carried.with_waiting(entries_of(firm, roster))
    context = {
        "page": page,
        "roster": roster,
        "title": firm.fill(roster.label),
        "hint": firm.fill(roster.hint),
        "definition": firm.fill(roster.definition),
        "intro": firm.fill(page.intro),
        "entries": [_entry_line(request, firm, page, carried, each, problems) for each in entries],
        "month": month_of(carried),
        "waiting": [] if carried.begins_with_them else waiting_lines(request, firm, page, carried),
        "gone": gone_lines(carried),
        "is_full": len(entries) >= roster.most,
        "add": entry_url(request, firm, page, actions.new_entry(), 1),
        "problems": [
            {"message": problem.message, "url": _url_of(request, firm, page, carried, problem)}
            for problem in problems
            if is_sent
        ],
        "questions": soft_edits.as_asked(
            request, listed.questions if is_sent and not problems else ()
        ),
        "remarks": () if is_sent else listed.remarks,
        "action": page_url(firm, page.name, back_to=way_back),
        "back": url_before(firm, page, back_to=way_back),
    }
    return render(request, "respondent/roster.html", frame(firm) | steps(firm, page) | context)


def _url_of(
    request: HttpRequest, firm: Standing, page: Page, carried: Carried, problem: Problem
) -> str:
    """Where a problem is mended: on the list, or on a step of an entry."""
    if not problem.entry:
        return "#entries"
    if carried.is_to_be_confirmed(problem.entry):
        return f"#entry-{problem.entry}"
    return entry_url(request, firm, page, problem.entry, problem.step or 1)


def _entry_line(
    request: HttpRequest,
    firm: Standing,
    page: Page,
    carried: Carried,
    entry: dict[str, Any],
    problems: list[Problem],
) -> dict[str, Any]:
    """One line of the list: the name, whether it is finished, and where to go from it."""
    key = str(entry.get("entry", ""))
    roster, last = carried.roster, carried.of(key)
    first = next((problem for problem in problems if problem.entry == key), None)
    asks = carried.is_to_be_confirmed(key)
    removal = reverse("surveys:remove_entry", args=[firm.case.public_id, page.name, key])
    return {
        "key": key,
        "name": name_of(roster, entry) or say("Without a name"),
        "is_finished": first is None or asks,
        "asks": asks,
        "from_before": last is not None,
        "tag": tag_of(carried, key) if last else "",
        "told": told_lines(firm, page, carried, last) if last else [],
        "change": entry_url(request, firm, page, key, 1),
        "go_on": entry_url(request, firm, page, key, first.step) if first and not asks else "",
        "remove": removal + back_query(back_to(request, firm)),
    }


def _closed(
    request: HttpRequest, firm: Standing, listed: Listed, *, is_leaving: bool
) -> HttpResponse:
    """Close the list; a person who leaves while something is wrong with it leaves it open."""
    if is_leaving:
        return _left(request, firm)
    page, decisions = listed.page, soft_edits.decisions(request, listed)
    response, refusal = _written(
        request,
        firm,
        page,
        lambda: actions.close_roster(
            case=firm.case,
            page=page.name,
            decisions=decisions,
            at=timezone.now(),
            by=writer_of(request),
        ),
    )
    if response is None:
        return refusal
    if request.POST.get("_then") == "leave":
        return _left(request, firm)
    now = standing(response.case)
    return redirect(url_after(now, page, back_to=back_to(request, now)))


def _confirmed(request: HttpRequest, firm: Standing, page: Page, key: str) -> HttpResponse:
    """Keep an entry of the wave before as it was; what is asked anew comes next."""
    response, refusal = _written(
        request,
        firm,
        page,
        lambda: prior_entries.confirm_entry(
            case=firm.case, page=page.name, entry=key, at=timezone.now(), by=writer_of(request)
        ),
    )
    if response is None:
        return refusal
    now = standing(response.case)
    problems = _problems(now, page, Place(now, page, roster_in(page), key, 1).carried)
    unfinished = next((each for each in problems if each.entry == key and each.step), None)
    if unfinished is not None:
        return redirect(entry_url(request, now, page, key, unfinished.step))
    listed = page_url(now, page.name, back_to=back_to(request, now))
    return redirect(f"{listed}#entry-{key}")


def _taken_back(request: HttpRequest, firm: Standing, page: Page, key: str) -> HttpResponse:
    response, refusal = _written(
        request,
        firm,
        page,
        lambda: prior_entries.take_back(
            case=firm.case, page=page.name, entry=key, at=timezone.now(), by=writer_of(request)
        ),
    )
    if response is None:
        return refusal
    return redirect(page_url(firm, page.name, back_to=back_to(request, firm)))


def _written(
    request: HttpRequest, firm: Standing, page: Page, write: Write
) -> tuple[Response, HttpResponse] | tuple[None, HttpResponse]:
    """What an action wrote, or the page that says why it wrote nothing."""
    try:
        return twice_if_locked(write), HttpResponse()
    except WaveClosed:
        context = {"reason": "closed"}
        return None, render(request, "respondent/refused.html", frame(firm) | context, status=403)
    except AlreadySubmitted:
        return None, refusals.read_only(request, firm)
    except (OffRoute, NotOfLastWave):
        return None, refusals.off_route(request, firm, page)
    except RosterFull:
        return None, gone(request, Place(firm, page, roster_in(page), "", 1), (), is_full=True)
    except OperationalError:
        return None, failures.busy(request)


def _left(request: HttpRequest, firm: Standing) -> HttpResponse:
    forget(request, firm.case.public_id)
    return redirect("surveys:leave", firm.case.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@firm_page
def remove(request: HttpRequest, case: Case, page: str, entry: str) -> HttpResponse:
    """Ask whether an entry is to be taken out, and take it out."""
    place, refusal = place_of(request, case, page, entry, 1)
    if place is None:
        return refusal
    listed = page_url(place.firm, page, back_to=back_to(request, place.firm))
    if request.method != "POST":
        if not place.saved:
            return redirect(listed)
        context = {
            "name": name_of(place.roster, place.saved),
            "roster": place.roster,
            "month": month_of(place.carried) if place.carried.of(entry) else "",
            "action": request.get_full_path(),
            "back": listed,
        }
        whole = frame(place.firm) | steps(place.firm, place.page) | context
        return render(request, "respondent/roster_remove.html", whole)
    response, refusal = _written(
        request,
        place.firm,
        place.page,
        lambda: actions.remove_entry(
            case=case, page=page, entry=entry, at=timezone.now(), by=writer_of(request)
        ),
    )
    return refusal if response is None else redirect(listed)
