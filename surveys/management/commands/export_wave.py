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
from surveys.management.datafile_parts import write_csv
from surveys.management.wave_command import WaveCommand
from surveys.management.whole_files import whole_file
from surveys.models import Wave
from surveys.queries.datafile_outline import Datafile
from surveys.queries.datafile_rows import rows_of

_MOST_PROCESSES = 16


class Command(WaveCommand):
    help = "Write the pseudonymous extract of a wave as CSV (with its codebook) or XLSX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--out", type=Path, required=True, help="FILE.csv or FILE.xlsx")
        parser.add_argument(
            "--processes", type=int, default=1, help="how many write parts of a CSV at once"
        )

    def carry_out(self, wave: Wave, **options: Any) -> None:
        target: Path = options["out"]
        if target.suffix not in {".csv", ".xlsx"}:
            raise CommandError(f"{target.name} must end in .csv or .xlsx.")
        if not 1 <= options["processes"] <= _MOST_PROCESSES:
            raise CommandError(f"--processes is a number from 1 to {_MOST_PROCESSES}.")
        try:
            content, firms, written = _write(wave, target, options["processes"])
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from None
        except TooLargeForSpreadsheet as refused:
            raise CommandError(f"{refused.reason} Write CSV.") from None
        record_download(
            wave=wave, file_format=target.suffix[1:], firms=firms, by=None, at=timezone.now()
        )
        told = {
            "files": [str(each) for each in written],
            "firms": firms,
            "variables": len(content.variables),
            "made_data": wave.made_data,
        }
        self.stdout.write(json.dumps(told, indent=2))


def _write(wave: Wave, target: Path, processes: int) -> tuple[Datafile, int, list[Path]]:
    """What was written, of how many firms, in which files."""
    if target.suffix == ".xlsx":
        rows = rows_of(wave)
        with whole_file(target) as file:
            datafiles.write_workbook(rows, file)
        return rows.outline, rows.firms, [target]
    content, firms = write_csv(wave, target, processes)
    beside = target.with_name(f"{target.stem}-codebook.csv")
    beside.write_bytes(datafiles.codebook_as_csv(content))
    return content, firms, [target, beside]
