"""Write the paradata of a wave to a file: how pages were filled in, never what was said."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions.paradata import record_export
from surveys.exports import paradata
from surveys.management.quick_command import QuickCommand
from surveys.management.whole_files import whole_file
from surveys.queries.paradata import count_of, paradata_rows
from surveys.queries.waves import wave_named


class Command(QuickCommand):
    help = "Write the paradata of a wave as CSV or JSON, pseudonymous and without answers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("survey", help="the survey's name in its address")
        parser.add_argument("wave", help="the wave's name in its address")
        parser.add_argument("--format", choices=sorted(paradata.FORMATS), default="csv")
        parser.add_argument("--out", type=Path, help="the file; printed if there is none")

    def handle(self, *, survey: str, wave: str, out: Path | None, **options: Any) -> None:
        found = wave_named(survey, wave)
        if found is None:
            raise CommandError(f"There is no wave “{wave}” in a survey “{survey}”.")
        written = paradata.FORMATS[options["format"]](paradata_rows(found))
        if out is None:
            for piece in written:
                self.stdout.write(piece.decode(), ending="")
        else:
            try:
                with whole_file(out) as file:
                    file.writelines(written)
            except OSError as error:
                raise CommandError(f"{out} cannot be written: {error.strerror}.") from None
        events = count_of(found)
        record_export(
            wave=found, file_format=options["format"], events=events, by=None, at=timezone.now()
        )
        if out is not None:
            self.stdout.write(json.dumps({"file": str(out), "events": events}, indent=2))
