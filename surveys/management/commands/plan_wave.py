"""Change the title and the periods of a draft wave."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions.wave_plans import WavePlan, WavePlanRefused, change_plan
from surveys.actions.waves import WaveNotReady
from surveys.management.periods import add_periods, given_periods, told
from surveys.management.wave_command import WaveCommand
from surveys.models import Wave


class Command(WaveCommand):
    help = "Change the title and the periods of a draft wave; what is not given stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add_periods(parser)

    def carry_out(self, wave: Wave, **options: Any) -> None:
        former = {name: getattr(wave, name) for name in WavePlan.__slots__}
        plan = WavePlan(**(former | given_periods(options)))
        try:
            wave = change_plan(wave=wave, plan=plan, by=None, at=timezone.now())
        except (WaveNotReady, WavePlanRefused) as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(told(wave))
