"""What the commands share that plan a wave: its title and periods as options."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.management.base import CommandError

from surveys.models import Wave


def add_periods(parser: ArgumentParser, *, required: bool = False) -> None:
    parser.add_argument("--title", required=required)
    parser.add_argument(
        "--reference", nargs=2, type=int, required=required, metavar=("FIRST", "LAST"),
        help="the years asked about",
    )  # fmt: skip
    parser.add_argument(
        "--field", nargs=2, type=date.fromisoformat, required=required, metavar=("FIRST", "LAST"),
        help="the days on which firms answer, such as 2026-03-01 2026-04-30",
    )  # fmt: skip
    parser.add_argument("--corrections-until", type=date.fromisoformat, help="a day")


def given_periods(options: Mapping[str, Any]) -> dict[str, Any]:
    """Parts of the wave's plan that were given."""
    given: dict[str, Any] = {}
    if options["title"] is not None:
        given["title"] = options["title"].strip()
        if not 0 < len(given["title"]) <= 200:
            raise CommandError("A title has 1 to 200 characters.")
    if options["reference"] is not None:
        given["reference_first_year"], given["reference_last_year"] = options["reference"]
    if options["field"] is not None:
        given["field_start"], given["field_end"] = options["field"]
    if options["corrections_until"] is not None:
        given["corrections_until"] = options["corrections_until"]
    return given


def told(wave: Wave) -> str:
    """The wave as JSON."""
    until = wave.corrections_until
    return json.dumps(
        {
            "survey": wave.survey.slug,
            "wave": wave.slug,
            "title": wave.title,
            "reference": [wave.reference_first_year, wave.reference_last_year],
            "field": [wave.field_start.isoformat(), wave.field_end.isoformat()],
            "corrections_until": until.isoformat() if until else None,
            "previous": wave.previous.slug if wave.previous else None,
        },
        ensure_ascii=False,
    )
