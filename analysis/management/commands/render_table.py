"""Write the table of a finished run in any layout and format, without estimating anything."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.comparison.marking import marked
from analysis.management.runs import UNRELEASED, finished_run, write
from analysis.reading.paragraphs import plain_text
from analysis.refusals import Refusal
from analysis.tables import delimited, excel, html, latex, markdown, word
from analysis.tables.document_tables import table_of_document
from analysis.tables.layout import Layout
from analysis.tables.presets import PRESETS
from analysis.tables.table import Table
from analysis.views.standing import standing_of

FORMATS = {
    "tex": latex.render,
    "plain-tex": latex.render_plain,
    "docx": word.render,
    "html": html.render,
    "xlsx": excel.render,
    "md": markdown.render,
    "csv": delimited.render,
    "json": lambda table: json.dumps(table.to_document(), ensure_ascii=False, indent=1),
}
READING = "reading"
WHAT = "coefficients, margins, or the key of another table of the run, such as table-1"


class Command(BaseCommand):
    """The table as the page of the run hands it over."""

    help = "Render the table of a run: a preset or a layout, in any format."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", nargs="?", help="a run's number, or its first characters")
        parser.add_argument("--what", default="coefficients", help=WHAT)
        parser.add_argument("--preset", choices=tuple(PRESETS), default="standard_errors")
        parser.add_argument("--layout", type=Path, help="a layout in JSON, in place of a preset")
        parser.add_argument("--format", choices=(*FORMATS, READING), default="csv")
        parser.add_argument("--output", type=Path, help="a file; without one it is printed")
        parser.add_argument("--unreleased", action="store_true", help=UNRELEASED)
        parser.add_argument("--presets", action="store_true", help="list the presets and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["presets"]:
            self.stdout.write(json.dumps([_preset(name) for name in PRESETS], indent=2))
            return
        run = finished_run(options["run"], unreleased=options["unreleased"])
        if options["format"] == READING:
            content: str | bytes = plain_text(run.estimates)
        else:
            table = _table(run.estimates, options["what"], _layout(options))
            table = marked(table, options["what"], standing_of(run), run.estimates)
            content = FORMATS[options["format"]](table)
        write(content, options["output"], self.stdout)


def _layout(options: dict[str, Any]) -> Layout:
    path = options["layout"]
    if path is None:
        return PRESETS[options["preset"]].layout
    try:
        return Layout.from_document(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise CommandError(f"The layout {path} cannot be read: {error}.") from None
    except Refusal as refusal:
        raise CommandError(str(refusal)) from None


def _table(estimates: dict[str, Any], what: str, layout: Layout) -> Table:
    try:
        return table_of_document(estimates, what=what, layout=layout)
    except ValueError as error:
        keys = ("coefficients", "margins", *(each["key"] for each in estimates.get("tables", ())))
        raise CommandError(f"{error} Ask for one of {', '.join(keys)}.") from None
    except Refusal as refusal:
        raise CommandError(str(refusal)) from None


def _preset(name: str) -> dict[str, Any]:
    preset = PRESETS[name]
    return {
        "name": preset.name,
        "title": preset.title,
        "about": preset.about,
        "source": preset.source,
        "layout": preset.layout.to_document(),
    }
