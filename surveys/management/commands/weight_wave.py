"""Make the weights of a closed wave by a recipe."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import CommandError
from django.utils import timezone

from mathematics.refusals import Refusal
from surveys.actions import weighting
from surveys.management.wave_command import WaveCommand
from surveys.models import Wave


class Command(WaveCommand):
    help = "Weight a closed wave by a recipe (YAML or JSON); prints the report as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--recipe", type=Path, required=True, help="FILE.yaml or FILE.json")
        parser.add_argument("--publish", action="store_true", help="and publish this version")

    def carry_out(self, wave: Wave, **options: Any) -> None:
        try:
            recipe = yaml.safe_load(options["recipe"].read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"The recipe cannot be read: {error.strerror}.") from None
        except (yaml.YAMLError, UnicodeDecodeError):
            raise CommandError("The recipe is neither YAML nor JSON.") from None
        try:
            made = weighting.weigh(wave=wave, recipe=recipe, by=None, at=timezone.now())
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} {refusal.remedy}".strip()) from None
        except weighting.NotWeighable as refusal:
            raise CommandError(refusal.reason) from None
        if options["publish"]:
            weighting.publish(weighting=made, by=None, at=timezone.now())
        told = {
            "wave": wave.slug,
            "number": made.number,
            "fingerprint": made.fingerprint,
            "published": made.is_published,
            "report": made.report,
        }
        self.stdout.write(json.dumps(told, indent=2))
