"""Compare two versions of an instrument by variable."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from surveys.management.instrument_files import instrument_of, write
from surveys.management.quick_command import QuickCommand
from surveys.questionnaire import Instrument
from surveys.questionnaire.comparison import Comparison, compare
from surveys.questionnaire.item_fingerprints import item_fingerprints


class Command(QuickCommand):
    help = (
        "Compare two versions of an instrument: of every variable, whether it is the same, "
        "reworded, recoded, rerouted, new or dropped, and whether answers may be pooled."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", help="file, or name@version of a published instrument")
        parser.add_argument("new", help="file, or name@version of a published instrument")
        parser.add_argument("--report", type=Path, help="write all of it to this JSON file")

    def handle(self, *, old: str, new: str, report: Path | None, **options: Any) -> None:
        before, after = instrument_of(old), instrument_of(new)
        comparison = compare(before, after)
        if report is not None:
            document = _document(before, after, comparison)
            write(report, json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        self.stdout.write("\n".join(_table(comparison)))


def _document(old: Instrument, new: Instrument, comparison: Comparison) -> dict[str, Any]:
    return {
        "old": _about(old),
        "new": _about(new),
        "counts": comparison.counts,
        "variables": [asdict(change) for change in comparison.changes],
        "items": _items(old, new),
        "translations": [asdict(change) for change in comparison.translations],
    }


def _about(instrument: Instrument) -> dict[str, str]:
    return {
        "instrument": instrument.name,
        "version": instrument.version,
        "fingerprint": instrument.fingerprint,
    }


def _items(old: Instrument, new: Instrument) -> list[dict[str, str | None]]:
    """Fingerprints of every item in both versions; None in the one that does not have it."""
    before, after = item_fingerprints(old), item_fingerprints(new)
    return [
        {"item": name, "old": before.get(name), "new": after.get(name)}
        for name in dict.fromkeys((*after, *before))
    ]


def _table(comparison: Comparison) -> list[str]:
    """Counts of each kind, then a line for every variable that is not the same."""
    lines = [f"{kind:<10}{count:>6}" for kind, count in comparison.counts.items()]
    changed = [change for change in comparison.changes if change.kind != "same"]
    width = max((len(change.variable) for change in changed), default=0)
    if changed:
        lines.append("")
    lines += [f"{each.kind:<10}{each.variable:<{width}}  {each.why}" for each in changed]
    if comparison.translations:
        lines += ["", f"{len(comparison.translations)} translations differ."]
    return lines
