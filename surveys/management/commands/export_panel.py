"""Write the firms of several waves in long form."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from mathematics.refusals import Refusal
from surveys.actions.extracts import record_panel_download
from surveys.exports import panel as files
from surveys.exports.spreadsheet import TooLargeForSpreadsheet
from surveys.management.quick_command import QuickCommand
from surveys.management.whole_files import whole_file
from surveys.models import Survey, Wave
from surveys.queries.linked import Linked, NotLinked, linked
from surveys.queries.panel import panel_waves, retention


class Command(QuickCommand):
    help = (
        "Write the firms that answered in several waves, the entries of their rosters and the "
        "codebook as CSV or XLSX; prints what is in them as JSON."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--survey", required=True, help="the survey's name in its address")
        parser.add_argument("--waves", nargs="+", help="names of waves; all closed ones if absent")
        parser.add_argument("--out", type=Path, required=True, help="FILE.csv or FILE.xlsx")
        parser.add_argument(
            "--with-words",
            action="store_true",
            help="with texts in the entries of rosters, which may give a firm away",
        )

    def handle(self, *, survey: str, **options: Any) -> None:
        target: Path = options["out"]
        if target.suffix not in {".csv", ".xlsx"}:
            raise CommandError(f"{target.name} must end in .csv or .xlsx.")
        found = Survey.objects.filter(slug=survey).first()
        if found is None:
            raise CommandError(f"There is no survey “{survey}”.")
        waves = self._waves(found, options["waves"])
        panel, written = _made(waves, target, with_words=options["with_words"])
        record_panel_download(
            survey=found,
            waves=waves,
            file_format=target.suffix[1:],
            firms=panel.firms,
            with_words=options["with_words"],
            by=None,
            at=timezone.now(),
        )
        self.stdout.write(json.dumps(_told(panel, waves, written), indent=2))

    def _waves(self, survey: Survey, wanted: list[str] | None) -> tuple[Wave, ...]:
        known = panel_waves(survey)
        if not wanted:
            return known
        missing = sorted(set(wanted) - {wave.slug for wave in known})
        if missing:
            raise CommandError(
                f"No closed wave drawn from a frame of this survey: {', '.join(missing)}."
            )
        return tuple(wave for wave in known if wave.slug in wanted)


def _made(
    waves: Sequence[Wave], target: Path, *, with_words: bool
) -> tuple[Linked, Sequence[Path]]:
    """The panel and the files of it. Raises CommandError."""
    try:
        panel = linked(waves)
        written = _written(panel, target, with_words=with_words)
    except NotLinked as refused:
        raise CommandError(refused.reason) from None
    except Refusal as refusal:
        raise CommandError(f"{refusal.message} {refusal.remedy}".strip()) from None
    except TooLargeForSpreadsheet as refused:
        raise CommandError(f"{refused.reason} Write CSV.") from None
    except OSError as error:
        raise CommandError(f"{target} cannot be written: {error.strerror}.") from None
    return panel, written


def _written(panel: Linked, target: Path, *, with_words: bool) -> list[Path]:
    if target.suffix == ".csv":
        return files.write_csv(panel, target, with_words=with_words)
    with whole_file(target) as file:
        files.write_workbook(panel, file, with_words=with_words)
    return [target]


def _told(panel: Linked, waves: Sequence[Wave], written: Sequence[Path]) -> dict[str, Any]:
    return {
        "files": [str(each) for each in written],
        "waves": [wave.slug for wave in waves],
        "firms": panel.firms,
        "rows": panel.n_rows,
        "longitudinal_weights": panel.version,
        "pooled": panel.pooled.names,
        "left_out": dict(panel.pooled.left_out),
        "rosters": {
            each.name: {"pooled": each.names, "left_out": dict(each.left_out)}
            for each in panel.rosters
        },
        "retention": [
            {
                "wave": line.wave.slug,
                "answered": line.answered,
                "later": [
                    {"wave": stay.wave.slug, "asked": stay.asked, "answered": stay.answered}
                    for stay in line.later
                ],
            }
            for line in retention(waves)
        ],
    }
