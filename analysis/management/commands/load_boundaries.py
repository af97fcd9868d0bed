"""Keep where the regions of a survey lie."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analysis import actions
from analysis.extracts import Wave, wave_named
from analysis.refusals import Refusal


class Command(BaseCommand):
    """What the page of regions does."""

    help = "Keep the boundaries of a survey's regions from a GeoJSON file, for maps."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("survey")
        parser.add_argument("wave", help="whose region codes the file is held to")
        parser.add_argument("file", type=Path)
        parser.add_argument("--property", default="", help="the property that has the codes")
        parser.add_argument("--json", action="store_true", help="machine-readable output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            wave = wave_named(options["survey"], options["wave"])
            content = options["file"].read_bytes()
            found = actions.keep_boundaries(
                wave=wave, content=content, file_name=options["file"].name,
                named=options["property"], by=None, at=timezone.now(),
            )  # fmt: skip
        except Wave.DoesNotExist as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} {refusal.remedy}") from None
        drawn = [each.code for each in found.regions]
        missing = [code for code in actions.region_codes(wave) if code not in set(drawn)]
        if options["json"]:
            told = {"property": found.property, "kept": drawn, "without_boundaries": missing}
            self.stdout.write(json.dumps(told, indent=2))
            return
        self.stdout.write(f"Boundaries of {len(drawn)} regions by “{found.property}”.")
        if missing:
            self.stdout.write(f"Without boundaries: {', '.join(missing)}.")
