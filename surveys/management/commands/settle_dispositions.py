"""Derive the dispositions of a wave anew from the histories of its cases."""

import json
from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from surveys.actions import dispositions
from surveys.management.wave_command import WaveCommand
from surveys.models import Case, Wave


class Command(WaveCommand):
    help = "Derive every disposition anew from its case's events; report and mend differences."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--check", action="store_true", help="report only, change nothing")

    def carry_out(self, wave: Wave, **options: Any) -> None:
        now = timezone.now()
        if options["check"]:
            found = dispositions.settle_cases(wave=wave, at=now, writes=False)
        else:
            found = dispositions.recompute(wave=wave, by=None, at=now)
        report = {
            "survey": wave.survey.slug,
            "wave": wave.slug,
            "cases": Case.objects.filter(wave=wave).count(),
            "changed": not options["check"],
            "differences": dispositions.as_data(found),
        }
        self.stdout.write(json.dumps(report, indent=2, ensure_ascii=False))
