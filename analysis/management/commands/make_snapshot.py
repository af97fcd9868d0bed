"""Put the data of a wave together now."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from analysis import actions
from analysis.management.snapshots import add_wave, line_of, named_wave, told
from analysis.refusals import Refusal


class Command(BaseCommand):
    help = (
        "Make the snapshot of a wave's data as they are now, unless there is one; runs that are "
        "asked for then begin at once. Reads all answers, whatever was seen of the wave before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_wave(parser, required=True)
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        wave, now = named_wave(options), timezone.now()
        try:
            made, _ = actions.make_snapshot(wave=wave, at=now)
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} {refusal.remedy}") from None
        is_new = made.made_at == now
        if options["json"]:
            self.stdout.write(json.dumps(told(made) | {"is_new": is_new}, indent=2))
            return
        self.stdout.write(f"{line_of(made)}{'' if is_new else '  was there already'}")
