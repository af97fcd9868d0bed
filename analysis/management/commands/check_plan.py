"""Tell every problem of a plan before it is run."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis import extracts, pipeline
from analysis.refusals import Refusal
from analysis.specification.model import Plan
from analysis.specification.plan import read_plan
from analysis.specification.problems import PlanRefusal


class Command(BaseCommand):
    """Prints JSON: whether the plan can be used, its models and its problems."""

    help = "Check a plan by itself or, with --survey and --wave, against what a wave holds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", type=Path, help="a plan in YAML")
        parser.add_argument("--survey")
        parser.add_argument("--wave")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["survey"]) != bool(options["wave"]):
            raise CommandError("Give both --survey and --wave, or neither.")
        try:
            plan: Plan | None = read_plan(_text(options["plan"]))
            problems = _against_wave(plan, options) if plan and options["wave"] else []
        except PlanRefusal as refusal:
            plan, problems = None, refusal.document()["problems"]
        except Refusal as refusal:
            plan, problems = None, [{"where": "plan", **refusal.document()}]
        self.stdout.write(json.dumps(_report(plan, problems), indent=2, ensure_ascii=False))
        if problems:
            count = len(problems)
            raise CommandError(f"The plan has {count} problem{'s' * (count > 1)}.")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The plan {path} cannot be read: {error}.") from None


def _against_wave(plan: Plan, options: dict[str, Any]) -> list[dict[str, str]]:
    try:
        wave = extracts.wave_named(options["survey"], options["wave"])
    except extracts.Wave.DoesNotExist as error:
        raise CommandError(str(error)) from None
    dataset = extracts.dataset_over(wave, plan.waves)
    return [problem.document() for problem in pipeline.check(dataset, plan)]


def _report(plan: Plan | None, problems: list[dict[str, str]]) -> dict[str, Any]:
    models = [
        {"name": each.name, "formula": f"{each.outcome} ~ {each.formula}"}
        for each in (plan.specifications if plan else ())
    ]
    return {
        "usable": not problems,
        "fingerprint": plan.fingerprint if plan else None,
        "models": models,
        "estimations": _estimations(plan) if plan else None,
        "problems": problems,
    }


def _estimations(plan: Plan) -> dict[str, int]:
    """How much work the plan is, told before anything is queued."""
    curve = plan.curve
    both = [(each.bootstrap, each.permutation) for each in plan.specifications]
    return {
        "models": len(plan.specifications),
        "replicates": sum(part.replicates for pair in both for part in pair if part is not None),
        "curve": 0 if curve is None else curve.count,
        "curve_permuted": 0 if curve is None else curve.count * curve.permutations,
        "descriptives": len(plan.descriptives),
    }
