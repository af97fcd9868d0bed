"""Write the extract of a wave to a file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions.extracts import record_download
from surveys.exports import datafiles
from surveys.exports.spreadsheet import TooLargeForSpreadsheet
from surveys.management.wave_command import WaveCommand
from surveys.models import Wave
from surveys.queries.datafiles import Datafile, datafile


class Command(WaveCommand):
    help = "Write the pseudonymous extract of a wave as CSV (with its codebook) or XLSX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--out", type=Path, required=True, help="FILE.csv or FILE.xlsx")

    def carry_out(self, wave: Wave, **options: Any) -> None:
        target: Path = options["out"]
        if target.suffix not in {".csv", ".xlsx"}:
            raise CommandError(f"{target.name} must end in .csv or .xlsx.")
        content = datafile(wave)
        try:
            written = _write(content, target)
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from None
        except TooLargeForSpreadsheet:
            raise CommandError("The wave is too large for a worksheet; write CSV.") from None
        record_download(
            wave=wave,
            file_format=target.suffix[1:],
            firms=len(content.rows),
            by=None,
            at=timezone.now(),
        )
        told = {
            "files": [str(each) for each in written],
            "firms": len(content.rows),
            "variables": len(content.variables),
            "made_data": wave.made_data,
        }
        self.stdout.write(json.dumps(told, indent=2))


def _write(content: Datafile, target: Path) -> list[Path]:
    if target.suffix == ".xlsx":
        target.write_bytes(datafiles.as_workbook(content))
        return [target]
    beside = target.with_name(f"{target.stem}-codebook.csv")
    target.write_bytes(datafiles.as_csv(content))
    beside.write_bytes(datafiles.codebook_as_csv(content))
    return [target, beside]
