"""Write the answers of a wave, item by item, to files."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions.extracts import record_answers_download
from surveys.exports import answerfiles
from surveys.exports.answerfiles import Written
from surveys.exports.spreadsheet import TooLargeForSpreadsheet
from surveys.management.wave_command import WaveCommand
from surveys.management.whole_files import whole_file
from surveys.models import Wave
from surveys.queries.answer_tables import AnswerTables, NoInstrument, answer_tables


class Command(WaveCommand):
    help = (
        "Write what firms answered: a row a firm with a column for every variable of the "
        "instrument, its codebook, batteries with a row a cell, and rosters with a row an entry."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--out", type=Path, required=True, help="FILE.csv or FILE.xlsx")
        parser.add_argument(
            "--with-words", action="store_true", help="with texts, which may give a firm away"
        )

    def carry_out(self, wave: Wave, **options: Any) -> None:
        target: Path = options["out"]
        if target.suffix not in {".csv", ".xlsx"}:
            raise CommandError(f"{target.name} must end in .csv or .xlsx.")
        try:
            tables = answer_tables(wave, with_words=options["with_words"])
            written = _write(tables, target)
        except NoInstrument:
            raise CommandError("The wave was imported and has no items; use export_wave.") from None
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from None
        except TooLargeForSpreadsheet as refused:
            raise CommandError(f"{refused.reason} Write CSV.") from None
        record_answers_download(
            wave=wave,
            file_format=target.suffix[1:],
            firms=written.firms,
            with_words=options["with_words"],
            by=None,
            at=timezone.now(),
        )
        self.stdout.write(json.dumps(_told(wave, tables, written), indent=2))


def _write(tables: AnswerTables, target: Path) -> Written:
    if target.suffix == ".csv":
        return answerfiles.write_csv(tables, target)
    with whole_file(target) as file:
        written = answerfiles.write_workbook(tables, file)
    written.files.append(target)
    return written


def _told(wave: Wave, tables: AnswerTables, written: Written) -> dict[str, Any]:
    return {
        "files": [str(each) for each in written.files],
        "firms": written.firms,
        "variables": len(tables.columns),
        "battery_cells": written.battery_cells,
        "roster_entries": written.roster_entries,
        "made_data": wave.made_data,
    }
