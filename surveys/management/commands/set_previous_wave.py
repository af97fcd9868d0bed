"""Name the wave whose answers are quoted to firms of another."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions.prior import NotAPreviousWave, set_previous_wave
from surveys.management.quick_command import QuickCommand
from surveys.queries.waves import wave_named


class Command(QuickCommand):
    help = "Name the wave before a draft wave: its answers are quoted as the instrument says."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("survey", help="the survey's name in its address")
        parser.add_argument("wave", help="the wave's name in its address")
        parser.add_argument("previous", help="the name of the wave before, or none")

    def handle(self, *, survey: str, wave: str, previous: str, **_options: Any) -> None:
        found, before = wave_named(survey, wave), wave_named(survey, previous)
        if found is None or (before is None and previous != "none"):
            missing = wave if found is None else previous
            raise CommandError(f"There is no wave “{missing}” in a survey “{survey}”.")
        try:
            set_previous_wave(wave=found, previous=before, by=None, at=timezone.now())
        except NotAPreviousWave as refusal:
            raise CommandError(refusal.reason) from None
        told = {"survey": survey, "wave": wave, "previous": before.slug if before else None}
        self.stdout.write(json.dumps(told, indent=2))
