"""What the commands about one wave share: naming it."""

from abc import ABC, abstractmethod
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from surveys.actions.freezing import WaveFrozen
from surveys.management.quick_command import QuickCommand
from surveys.models import Wave
from surveys.queries.waves import wave_named


class WaveCommand(QuickCommand, ABC):
    """A command with --survey and --wave; `carry_out` gets the wave."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--survey", required=True, help="the survey's name in its address")
        parser.add_argument("--wave", required=True, help="the wave's name in its address")

    def handle(self, *, survey: str, wave: str, **options: Any) -> None:
        found = wave_named(survey, wave)
        if found is None:
            raise CommandError(f"There is no wave “{wave}” in a survey “{survey}”.")
        try:
            self.carry_out(found, **options)
        except WaveFrozen as frozen:
            raise CommandError(frozen.reason) from None

    @abstractmethod
    def carry_out(self, wave: Wave, **options: Any) -> None: ...
