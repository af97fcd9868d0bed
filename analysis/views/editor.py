"""What the plan editor asks while one writes: checks, changes by buttons, a dry run."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from analysis.extracts import Wave
from analysis.pipeline.trial import Trial, trial
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from analysis.specification.plan_text import LARGEST_PLAN
from analysis.views.access import wave_page
from analysis.views.editing import controls_of, edited
from analysis.views.examination import Examination, dataset_of, examine
from analysis.views.plan_lines import PlacedProblem, placed_problems, problems_of


def plain_text(typed: str) -> str:
    """The text with plain line ends, as it is kept."""
    return typed.replace("\r\n", "\n").replace("\r", "\n")


def checked_context(examined: Examination, source: str, target: str) -> dict[str, Any]:
    """What the panels of checks and controls show."""
    return {
        "examined": examined,
        "unreadable": placed_problems(examined.unreadable, source),
        "checks": placed_problems(examined.problems, source),
        "cautions": placed_problems(examined.cautions, source),
        "controls": controls_of(source, examined, target),
    }


@require_POST
@wave_page()
def check(request: HttpRequest, wave: Wave) -> HttpResponse:
    """The text after the change that was asked for, if any, and what is to be said of it."""
    source = plain_text(request.POST.get("source", ""))
    if len(source) > LARGEST_PLAN:
        return JsonResponse(_too_long(len(source)), status=422)
    done = edited(request.POST, source)
    examined = examine(wave, done.source, at_once="at_once" in request.POST)
    context = checked_context(examined, done.source, done.target)
    return JsonResponse(
        {
            "source": done.source if done.source != source else None,
            "said": done.said,
            "refused": done.is_refused,
            "checked": render_to_string("analysis/plans/checked.html", context),
            "controls": render_to_string("analysis/plans/controls.html", context),
            "problems": [
                _problem(each, level)
                for level in ("unreadable", "checks", "cautions")
                for each in context[level]
            ],
            "models": [_model(each) for each in examined.outlooks],
            "left": examined.left,
            "own": [[each.name, each.label, each.kind] for each in examined.own],
        }
    )


def _too_long(length: int) -> dict[str, Any]:
    message = f"The plan has {length} characters; {LARGEST_PLAN} are allowed. Shorten it."
    return {"source": None, "said": message, "refused": True, "problems": [], "models": []}


def _problem(each: PlacedProblem, level: str) -> dict[str, Any]:
    return {
        "level": level,
        "code": each.code,
        "line": each.line,
        "where": each.where,
        "message": each.message,
        "remedy": each.remedy,
    }


def _model(each: Any) -> dict[str, Any]:
    return {
        "name": each.name,
        "outcome": each.outcome_name,
        "estimator": each.estimator,
        "in_subpopulation": each.in_subpopulation,
        "complete": each.complete,
        "dropped": [list(pair) for pair in each.dropped],
        "estimators": [choice.name for choice in each.estimators if not choice.why_not],
        "covariances": [choice.name for choice in each.covariances if not choice.why_not],
    }


@require_POST
@wave_page()
def dry_run(request: HttpRequest, wave: Wave) -> HttpResponse:
    """The result of a trial, without the page around it."""
    source = plain_text(request.POST.get("source", ""))[: LARGEST_PLAN + 1]
    return render(request, "analysis/plans/trial.html", tried(wave, source))


def tried(wave: Wave, source: str) -> dict[str, Any]:
    """The plan tried on a few firms, or why it cannot be; for the trial's template."""
    begun = time.monotonic()
    found: Trial | None = None
    problems: tuple[PlacedProblem, ...] = ()
    try:
        plan = read_plan(source)
        found = trial(dataset_of(wave, plan), plan)
    except Refusal as refusal:
        problems = placed_problems(problems_of(refusal), source)
    return {"trial": found, "trial_problems": problems, "seconds": time.monotonic() - begun}
