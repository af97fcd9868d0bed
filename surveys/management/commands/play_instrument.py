"""Play an instrument through with written answers."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from surveys.management.instrument_files import instrument_of, write
from surveys.management.json_files import json_object_of
from surveys.management.published import with_version
from surveys.management.quick_command import QuickCommand
from surveys.questionnaire.fills import FillContext
from surveys.questionnaire.playing import Played, play


class Command(QuickCommand):
    help = (
        "Go through an instrument with the answers in a JSON file: the pages visited in order, "
        "edits that spoke, values stored and variables on the route. Nothing is saved."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("instrument", help="file, name or name@version of a published one")
        parser.add_argument("--answers", type=Path, required=True)
        parser.add_argument("--known", type=Path, help="JSON of last.ITEM and frame.ATTRIBUTE")
        parser.add_argument("--firm", default="Example Ltd")
        parser.add_argument("--first-year", type=int, default=2022)
        parser.add_argument("--last-year", type=int, default=2024)
        parser.add_argument("--report", type=Path, help="write all of it to this JSON file")

    def handle(self, *, instrument: str, answers: Path, known: Path | None, **options: Any) -> None:
        compiled = instrument_of(with_version(instrument))
        context = FillContext(options["firm"], options["first_year"], options["last_year"])
        played = play(
            compiled, json_object_of(answers), json_object_of(known) if known else {}, context
        )
        told = {
            "instrument": compiled.name,
            "version": compiled.version,
            "counts": _counts(played),
            **asdict(played),
        }
        if options["report"] is not None:
            write(options["report"], json.dumps(told, ensure_ascii=False, indent=2) + "\n")
            told = {key: told[key] for key in ("instrument", "version", "counts", "unknown")}
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        if played.unknown:
            sys.exit(1)


def _counts(played: Played) -> dict[str, int]:
    return {
        "pages": len(played.pages),
        "blocked_pages": sum(page.is_blocked for page in played.pages),
        "edits": len(played.edits),
        "stored": len(played.stored),
        "variables": len(played.variables),
        "unanswered": len(played.unanswered),
    }
