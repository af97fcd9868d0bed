"""Close the field of a wave."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions import closing
from surveys.actions.waves import WaveNotReady
from surveys.management.wave_command import WaveCommand
from surveys.models import Case, Wave
from surveys.queries.closing import prospect
from surveys.queries.fieldwork import tally


class Command(WaveCommand):
    help = "Close the field of an open wave; prints the final dispositions as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="say what closing would do")
        parser.add_argument("--freeze", action="store_true", help="freeze a wave that is closed")

    def carry_out(self, wave: Wave, **options: Any) -> None:
        if options["dry_run"]:
            told = [asdict(line) for line in prospect(wave)]
            self.stdout.write(json.dumps({"wave": wave.slug, "would_become": told}))
            return
        act = closing.freeze if options["freeze"] else closing.close_field
        try:
            closed = act(wave=wave, by=None, at=timezone.now())
        except WaveNotReady as error:
            raise CommandError(error.reason) from None
        counted = tally(closed)
        numbers = {name: counted.number(name) for name in Case.Disposition.values}
        self.stdout.write(
            json.dumps(
                {
                    "wave": closed.slug,
                    "state": closed.state,
                    "frozen": closed.frozen_at is not None,
                    "dispositions": numbers,
                }
            )
        )
