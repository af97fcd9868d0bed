"""Draw the sample of a wave by its plan."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from surveys.actions import samples
from surveys.management.sample_plans import plan_document, told_as_errors
from surveys.management.wave_command import WaveCommand
from surveys.models import Wave
from surveys.queries.samples import drawn_firms, plan_of


class Command(WaveCommand):
    help = "Draw the sample of a wave by its kept plan, or by a file; prints JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--plan", type=Path, help="a plan to keep and draw at once")
        parser.add_argument("--seed", type=int, help="in place of the seed of that file")
        parser.add_argument("--cases", action="store_true", help="list the firms drawn too")

    def carry_out(self, wave: Wave, **options: Any) -> None:
        path, seed, now = options["plan"], options["seed"], timezone.now()
        if path is None and seed is not None:
            raise CommandError("A kept plan has its seed. Name a plan with --plan to change it.")
        with told_as_errors(), transaction.atomic():
            if path is not None:
                document = plan_document(path, seed)
                samples.plan(wave=wave, document=document, by=None, at=now)
            drawn = samples.draw(wave=wave, by=None, at=now)
        kept = plan_of(wave)
        told: dict[str, Any] = {
            "wave": wave.slug,
            "cases": len(drawn),
            "seed": kept.seed if kept else None,
            "frame_fingerprint": kept.frame_fingerprint if kept else "",
            "plan": kept.document if kept else {},
            "strata": kept.preview["strata"] if kept else [],
        }
        if options["cases"]:
            told["firms"] = drawn_firms(wave)
        self.stdout.write(json.dumps(told))
