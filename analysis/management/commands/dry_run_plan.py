"""Try a plan on a few firms of a wave before it is queued."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis import extracts
from analysis.pipeline.trial import FIRMS, SEED, trial
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from analysis.specification.problems import PlanRefusal


class Command(BaseCommand):
    """Prints how each model fared: whether it came through, n, what was dropped or refused."""

    help = "Estimate a plan's models on a few firms, to see whether they come through."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", type=Path, help="a plan in YAML")
        parser.add_argument("--survey", required=True)
        parser.add_argument("--wave", required=True)
        parser.add_argument("--firms", type=int, default=FIRMS, help=f"if not {FIRMS}")
        parser.add_argument("--seed", type=int, default=SEED, help="of the draw")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["firms"] < 1:
            raise CommandError("Try at least one firm.")
        try:
            wave = extracts.wave_named(options["survey"], options["wave"])
            plan = read_plan(options["plan"].read_text(encoding="utf-8"))
            dataset = extracts.dataset_over(wave, plan.waves)
            found = trial(dataset, plan, firms=options["firms"], seed=options["seed"])
        except (OSError, UnicodeDecodeError, extracts.Wave.DoesNotExist) as error:
            raise CommandError(str(error)) from None
        except PlanRefusal as refusal:
            raise CommandError("\n".join(str(each) for each in refusal.problems)) from None
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} {refusal.remedy}") from None
        document = found.document()
        if options["json"]:
            self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_text(document)))


def _text(found: dict[str, Any]) -> list[str]:
    lines = [
        f"A trial on {found['firms']} of {found['of']} firms, seed {found['seed']}; no finding."
    ]
    for model in found["models"]:
        lines.append(f"  {model['name']}: {_words(model)}")
        lines += [f"      {term} is dropped: it {why}." for term, why in model["dropped"]]
    if found["left"]:
        lines.append(f"  {found['left']} more models were not tried.")
    return [*lines, *(f"  {note}" for note in found["notes"])]


def _words(model: dict[str, Any]) -> str:
    if model["refusal"]:
        return f"refused. {model['refusal']['message']} {model['refusal']['remedy']}".strip()
    return f"came through, n = {model['n']}, {model['terms']} terms, {model['seconds']:.2f} s"
