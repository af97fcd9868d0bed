"""Output checks: what was withheld from a run and why, its release, and what waits for whom."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from analysis import actions
from analysis.disclosure.in_words import ACTIONS, rules_in_words, why
from analysis.extracts import Survey, may_analyse, may_decide_outputs, may_set_output_rules
from analysis.models import OutputCheck, Run
from analysis.refusals import Refusal
from analysis.views.access import run_page, survey_page
from analysis.views.results import frame_of

_VERDICTS = {"approve": "approved", "reject": "rejected"}


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One finding for the page."""

    where: str
    what: str
    action: str
    why: str


@require_http_methods(["GET", "HEAD", "POST"])
@run_page
def check(request: HttpRequest, run: Run) -> HttpResponse:
    """What was found in the run, and the decision on it."""
    if request.method == "POST":
        return _decided(request, run)
    return _page(request, run)


def _decided(request: HttpRequest, run: Run) -> HttpResponse:
    verdict = _VERDICTS.get(request.POST.get("do", ""))
    reason = request.POST.get("reason", "")[:2000]
    if verdict is None:
        return _page(request, run, problem="Choose whether to approve or to reject.", reason=reason)
    try:
        actions.decide(
            run=run,
            decision=verdict,  # type: ignore[arg-type]
            by=request.user,
            reason=reason,
            at=timezone.now(),
            seen=request.POST.get("seen", ""),
        )
    except Refusal as refusal:
        return _page(
            request, run, problem=f"{refusal.message} {refusal.remedy}", reason=reason, status=409
        )
    told = {
        "approved": "Approved: the run is released.",
        "rejected": "Rejected: the run stays held back.",
    }
    messages.success(request, told[verdict])
    return redirect("analysis:check", run.pk)


def _page(
    request: HttpRequest, run: Run, *, problem: str = "", reason: str = "", status: int = 200
) -> HttpResponse:
    made = actions.check_of(run)
    context: dict[str, Any] = {**frame_of(run), "made": made, "problem": problem, "reason": reason}
    if made is not None:
        checked = actions.as_check(made)
        survey = run.plan_version.plan.wave.survey
        is_own = request.user.pk in actions.authors_of(run)
        context |= {
            "lines": lines_of(made),
            "seen": actions.mark_of_check(made),
            "rules": rules_in_words(checked.policy),
            "needs_reason": any(each.action == "review" for each in checked.findings),
            "is_own": is_own,
            "may_decide": may_decide_outputs(request.user, survey) and not is_own,
            "may_set_rules": may_set_output_rules(request.user, survey),
        }
    return render(request, "analysis/checks/check.html", context, status=status)


def lines_of(made: OutputCheck) -> list[FoundLine]:
    """The findings in words, what a person must look at first."""
    checked = actions.as_check(made)
    order = {"review": 0, "refused": 1, "withheld": 2}
    return [
        FoundLine(each.where, ACTIONS[each.action], each.action, why(each, checked.policy))
        for each in sorted(checked.findings, key=lambda finding: order[finding.action])
    ]


@require_safe
@survey_page(may_decide_outputs)
def checks(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Checks of the survey that wait: for the person who looks, and for others."""
    mine = actions.waiting_for(request.user, survey)
    own = {each.pk for each in mine}
    context = {
        "survey": survey,
        "mine": mine,
        "others": [each for each in actions.waiting(survey) if each.pk not in own],
        "may_set_rules": may_set_output_rules(request.user, survey),
    }
    return render(request, "analysis/checks/list.html", context)


def told_of_check(request: HttpRequest, run: Run) -> dict[str, Any]:
    """What the page of a finished run says of its check, and whether it may hand anything out."""
    made = actions.check_of(run)
    return {
        "check": made,
        "is_released": made is not None and made.released_at is not None,
        "withheld_count": 0 if made is None else len(made.findings),
        "may_see_check": may_analyse(request.user, run.plan_version.plan.wave),
    }
