"""Plan the sample of a wave and show what it would give."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from surveys.actions import samples
from surveys.management.sample_plans import plan_document, told_as_errors
from surveys.management.wave_command import WaveCommand
from surveys.models import Wave


class Command(WaveCommand):
    help = "Keep a sample plan (JSON or YAML) and print what it would give; nothing is drawn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("plan", type=Path, help="FILE.yaml or FILE.json")
        parser.add_argument("--seed", type=int, help="in place of the seed of the file")

    def carry_out(self, wave: Wave, **options: Any) -> None:
        document = plan_document(options["plan"], options["seed"])
        with told_as_errors():
            kept = samples.plan(wave=wave, document=document, by=None, at=timezone.now())
        told = {
            "wave": wave.slug,
            "seed": kept.seed,
            "frame_fingerprint": kept.frame_fingerprint,
            "plan": kept.document,
            **kept.preview,
        }
        self.stdout.write(json.dumps(told))
