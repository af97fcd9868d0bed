"""What the commands about snapshots share: which they are about, and how one is told."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db.models import QuerySet

from analysis import extracts
from analysis.actions.snapshot_care import with_runs
from analysis.models import Snapshot


def add_wave(parser: ArgumentParser, *, required: bool = False) -> None:
    parser.add_argument("--survey", required=required, help="the survey's name in its address")
    parser.add_argument("--wave", required=required, help="the wave's name in its address")


def named_wave(options: dict[str, Any]) -> extracts.Wave:
    """The wave that is named. Raises: CommandError."""
    try:
        return extracts.wave_named(options["survey"], options["wave"])
    except extracts.Wave.DoesNotExist as absent:
        raise CommandError(str(absent)) from None


def snapshots_of(options: dict[str, Any]) -> QuerySet[Snapshot]:
    """Those of the wave or the survey that is named, or all; the newest first."""
    if options["wave"] and not options["survey"]:
        raise CommandError("Name the survey of the wave, too.")
    kept = with_runs(Snapshot.objects.select_related("wave__survey"))
    if options["wave"]:
        return kept.filter(wave=named_wave(options))
    return kept.filter(wave__survey__slug=options["survey"]) if options["survey"] else kept


def told(snapshot: Snapshot) -> dict[str, Any]:
    """As JSON; dates as text."""
    return {
        "fingerprint": snapshot.fingerprint,
        "survey": snapshot.wave.survey.slug,
        "wave": snapshot.wave.slug,
        "made_at": snapshot.made_at.isoformat(),
        "rows": snapshot.rows,
        "columns": snapshot.columns,
        "bytes": snapshot.bytes,
        "format": snapshot.format,
        "name": snapshot.name,
    }


def line_of(snapshot: Snapshot) -> str:
    """For people."""
    return (
        f"{snapshot.fingerprint[:12]}  {snapshot.wave.survey.slug}/{snapshot.wave.slug}  "
        f"{snapshot.made_at:%Y-%m-%d %H:%M}  {snapshot.rows} firms, {snapshot.columns} variables, "
        f"{snapshot.bytes / 1e6:.1f} MB"
    )
