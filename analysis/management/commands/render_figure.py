"""Write a figure of a finished run as a picture or as its numbers."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis import actions
from analysis.figures import figure as formats
from analysis.figures.of_estimates import Available, figures_of
from analysis.management.runs import UNRELEASED, finished_run, write
from analysis.models import Run
from analysis.views.standing import registered_of

FORMATS = {
    "svg": formats.svg,
    "png": formats.png,
    "pdf": formats.pdf,
    "csv": formats.table_csv,
    "json": formats.as_json,
}


class Command(BaseCommand):
    """A figure as the page of the run hands it over."""

    help = "Render a figure of a run: which there are, or one of them in any format."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", help="a run's number, or its first characters")
        parser.add_argument("--kind", help="which figure; without it they are listed")
        parser.add_argument("--format", choices=tuple(FORMATS), default="svg")
        parser.add_argument("--output", type=Path, help="a file; without one it is printed")
        parser.add_argument("--unreleased", action="store_true", help=UNRELEASED)

    def handle(self, *args: Any, **options: Any) -> None:
        run = finished_run(options["run"], unreleased=options["unreleased"])
        boundaries = actions.boundaries_of(run.plan_version.plan.wave.survey)
        figures = figures_of(
            run.estimates,
            source=_source(run),
            boundaries=boundaries,
            registered=registered_of(run),
        )
        found = {each.key: each for each in figures}
        kind = options["kind"]
        if kind is None:
            self.stdout.write(json.dumps([_entry(each) for each in found.values()], indent=2))
            return
        if kind not in found:
            raise CommandError(
                f"The run has no figure '{kind}'. It has {', '.join(found) or 'none'}."
            )
        write(FORMATS[options["format"]](found[kind].draw()), options["output"], self.stdout)


def _entry(each: Available) -> dict[str, str]:
    return {"kind": each.key, "title": each.title}


def _source(run: Run) -> str:
    wave = run.plan_version.plan.wave
    made = " Made data." if wave.made_data else ""
    return f"Source: {wave.survey.title}, {wave.title}.{made}"
