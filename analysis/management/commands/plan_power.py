"""Power of the planned logit on the strata of a wave, in the foreground."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis import actions, extracts
from analysis.refusals import Refusal


class Command(BaseCommand):
    """What a worker does with a power study, without the queue."""

    help = "Simulate the power of the planned logit on a wave's strata; prints JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--survey", required=True)
        parser.add_argument("--wave", required=True)
        parser.add_argument("--strata", type=Path, help="JSON in place of the wave's strata")
        parser.add_argument("--outcome-rate", type=float, required=True, help="a share of 1")
        parser.add_argument("--exposure-share", type=float, required=True, help="a share of 1")
        parser.add_argument("--odds-ratio", type=float, required=True)
        parser.add_argument("--response-rate", type=float, default=1.0, help="a share of 1")
        parser.add_argument("--level", type=float, default=0.05)
        parser.add_argument("--replications", type=int, default=1000)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("outcome_rate", "exposure_share", "odds_ratio", "response_rate", "level")
        assumptions = {name: options[name] for name in names}
        if options["replications"] < 1:
            raise CommandError("At least one survey must be made: --replications 1000.")
        try:
            wave = extracts.wave_named(options["survey"], options["wave"])
            path = options["strata"]
            strata = extracts.planned_strata(wave) if path is None else _strata(path)
            found = actions.worked_out_power(
                strata, assumptions, seed=options["seed"], replications=options["replications"]
            )
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} {refusal.remedy}") from None
        except extracts.Wave.DoesNotExist as error:
            raise CommandError(str(error)) from None
        drawn = sum(each[2] for each in strata)
        told = {"wave": wave.slug, "strata": len(strata), "drawn": drawn, **assumptions, **found}
        self.stdout.write(json.dumps(told))


def _strata(path: Path) -> list[tuple[str, int, int]]:
    """Label, N_h and n_h of a list of strata, such as that of `plan_sample`."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        lines = document["strata"] if isinstance(document, dict) else document
        return [(str(x["label"]), int(x["population"]), int(x["drawn"])) for x in lines]
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError):
        raise CommandError(
            f"{path} is no JSON list of strata with label, population and drawn."
        ) from None
