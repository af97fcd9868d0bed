"""Write the firms of several waves in long form."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from mathematics.refusals import Refusal
from surveys.actions.extracts import record_panel_download
from surveys.exports.panel import panel_as_csv
from surveys.management.quick_command import QuickCommand
from surveys.models import Survey, Wave
from surveys.queries.panel import NotLinked, linked, panel_waves, retention


class Command(QuickCommand):
    help = "Write the firms that answered in several waves as CSV; prints what is in it as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--survey", required=True, help="the survey's name in its address")
        parser.add_argument("--waves", nargs="+", help="names of waves; all closed ones if absent")
        parser.add_argument("--out", type=Path, required=True, help="FILE.csv")

    def handle(self, *, survey: str, **options: Any) -> None:
        found = Survey.objects.filter(slug=survey).first()
        if found is None:
            raise CommandError(f"There is no survey “{survey}”.")
        waves = self._waves(found, options["waves"])
        try:
            panel = linked(waves)
            options["out"].write_bytes(panel_as_csv(panel))
        except NotLinked as refused:
            raise CommandError(refused.reason) from None
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} {refusal.remedy}".strip()) from None
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error.strerror}.") from None
        record_panel_download(
            survey=found, waves=waves, firms=panel.firms, by=None, at=timezone.now()
        )
        told = {
            "file": str(options["out"]),
            "waves": [wave.slug for wave in waves],
            "firms": panel.firms,
            "rows": len(panel.table),
            "longitudinal_weights": panel.version,
            "pooled": panel.pooled,
            "left_out": dict(panel.left_out),
            "retention": [
                {
                    "wave": line.wave.slug,
                    "answered": line.answered,
                    "later": [
                        {"wave": stay.wave.slug, "asked": stay.asked, "answered": stay.answered}
                        for stay in line.later
                    ],
                }
                for line in retention(waves)
            ],
        }
        self.stdout.write(json.dumps(told, indent=2))

    def _waves(self, survey: Survey, wanted: list[str] | None) -> tuple[Wave, ...]:
        known = panel_waves(survey)
        if not wanted:
            return known
        missing = sorted(set(wanted) - {wave.slug for wave in known})
        if missing:
            raise CommandError(
                f"No closed wave drawn from a frame of this survey: {', '.join(missing)}."
            )
        return tuple(wave for wave in known if wave.slug in wanted)
