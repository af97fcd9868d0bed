"""Close the field of a wave."""

import json
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions import waves
from surveys.management.wave_command import WaveCommand
from surveys.models import Case, Wave
from surveys.queries.fieldwork import tally


class Command(WaveCommand):
    help = "Close the field of an open wave; prints the final dispositions as JSON."

    def carry_out(self, wave: Wave, **options: Any) -> None:
        try:
            closed = waves.close_field(wave=wave, by=None, at=timezone.now())
        except waves.WaveNotReady as error:
            raise CommandError(error.reason) from None
        counted = tally(closed)
        numbers = {name: counted.number(name) for name in Case.Disposition.values}
        self.stdout.write(
            json.dumps({"wave": closed.slug, "state": closed.state, "dispositions": numbers})
        )
