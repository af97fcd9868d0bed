"""The replication package of a run: what it holds, which data go out, and taking it away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from analysis import actions
from analysis.extracts import may_analyse, may_set_output_rules
from analysis.models import PackageRule, Run
from analysis.refusals import Refusal
from analysis.views.access import table_page
from analysis.views.files import attachment
from analysis.views.results import frame_of

_WORDS = {
    "synthetic": "Synthetic firms: nobody's answers go out. Its numbers are not those published.",
    "pseudonymised": "Answers of the firms, under names of this package alone. Confidential.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@table_page
def package(request: HttpRequest, run: Run) -> HttpResponse:
    """What would go out; posted, the ZIP."""
    _refuse_others(request, run)
    if request.method != "POST":
        return _page(request, run)
    try:
        made = actions.make_package(
            run=run,
            kind=request.POST.get("data", ""),
            by=request.user,  # type: ignore[arg-type]  # nobody else comes here
            at=timezone.now(),
        )
    except Refusal as refusal:
        return _page(request, run, problem=f"{refusal.message} {refusal.remedy}", status=409)
    return attachment(made.content, made.name, "application/zip")


@require_POST
@table_page
def rule(request: HttpRequest, run: Run) -> HttpResponse:
    """Which data go out in packages of the survey, set by who may set rules for output."""
    survey = run.plan_version.plan.wave.survey
    if not may_set_output_rules(request.user, survey):
        raise PermissionDenied("Your role in this survey does not cover rules for output.")
    try:
        actions.set_package_rule(
            survey=survey,
            data=request.POST.get("data", ""),
            by=request.user,  # type: ignore[arg-type]  # nobody else comes here
            at=timezone.now(),
        )
    except Refusal as refusal:
        return _page(request, run, problem=f"{refusal.message} {refusal.remedy}", status=409)
    messages.success(request, "Kept. It holds for every package of the survey from now on.")
    return redirect("analysis:package", run.pk)


def _refuse_others(request: HttpRequest, run: Run) -> None:
    if run.state != Run.State.DONE or not may_analyse(request.user, run.plan_version.plan.wave):
        raise PermissionDenied("Your role in this survey does not cover packages of data.")


def _page(request: HttpRequest, run: Run, *, problem: str = "", status: int = 200) -> HttpResponse:
    survey = run.plan_version.plan.wave.survey
    context: dict[str, Any] = {
        **frame_of(run),
        "kinds": [(kind, _WORDS[kind]) for kind in actions.kinds_allowed(survey)],
        "rule": actions.package_rule(survey),
        "rules": PackageRule.Data.choices,
        "may_set": may_set_output_rules(request.user, survey),
        "problem": problem,
    }
    return render(request, "analysis/runs/package.html", context, status=status)
