"""Open the field of a wave."""

import json
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions import waves
from surveys.management.wave_command import WaveCommand
from surveys.models import Wave


class Command(WaveCommand):
    help = "Open the field of a draft wave; prints its new state as JSON."

    def carry_out(self, wave: Wave, **options: Any) -> None:
        try:
            opened = waves.open_field(wave=wave, by=None, at=timezone.now())
        except waves.WaveNotReady as error:
            raise CommandError(error.reason) from None
        self.stdout.write(json.dumps({"wave": opened.slug, "state": opened.state}))
