"""Carry out a plan in the foreground and write every format of its table."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis import extracts, pipeline
from analysis.actions import (
    code_fingerprint,
    holdings_of,
    rules_fingerprint,
    rules_of,
    run_fingerprint,
)
from analysis.disclosure.check import Check
from analysis.disclosure.in_words import ACTIONS
from analysis.disclosure.rules import DisclosurePolicy
from analysis.figures import figure as figures
from analysis.figures.coefficients import coefficient_plot
from analysis.figures.points import plot_points
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from analysis.specification.problems import PlanRefusal
from analysis.tables import delimited, excel, html, latex, markdown, word
from analysis.tables.curve import specifications_csv
from analysis.tables.document_tables import table_of_document
from analysis.tables.table import Table

FORMATS = {
    "tex": latex.render,
    "html": html.render,
    "docx": word.render,
    "xlsx": excel.render,
    "csv": delimited.render,
    "md": markdown.render,
}


class Command(BaseCommand):
    """What a worker does with a run, without the queue."""

    help = "Run a plan on a wave: tables in every format, the plot, and estimates.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", type=Path, help="a plan in YAML")
        parser.add_argument("--survey", required=True)
        parser.add_argument("--wave", required=True)
        parser.add_argument("--out", type=Path, required=True, help="folder for the files")
        parser.add_argument("--stars", action="store_true", help="mark p-values with stars")
        parser.add_argument(
            "--unreleased", action="store_true",
            help="also write results that a second person must approve; not to be handed on",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = read_plan(_text(options["plan"]))
            wave = extracts.wave_named(options["survey"], options["wave"])
            dataset = extracts.dataset_over(wave, plan.waves)
            rules = rules_of(wave)
            policy = DisclosurePolicy.from_document(rules["policy"])
            results = pipeline.run(
                dataset,
                plan,
                on_progress=self._progress,
                fingerprint=run_fingerprint(
                    plan=plan.fingerprint,
                    extract=dataset.fingerprint,
                    code=code_fingerprint(),
                    rules=rules_fingerprint(rules),
                ),
                stars=options["stars"],
                policy=policy,
                holdings=holdings_of(wave, dataset),
                against_frame=extracts.sample_against_frame(wave, dataset, (plan,)),
            )
        except PlanRefusal as refusal:
            raise CommandError("\n".join(str(problem) for problem in refusal.problems)) from None
        except (Refusal, extracts.Wave.DoesNotExist) as refusal:
            raise CommandError(str(refusal)) from None
        _tell_refused(results.estimates_document)
        _tell(results, policy, options["unreleased"])
        written = _write(results, options["out"])
        self.stdout.write(json.dumps({"out": str(options["out"]), "files": written}, indent=2))

    def _progress(self, done: int, total: int, note: str) -> None:
        sys.stderr.write(f"{done}/{total} {note}\n")


def _tell_refused(document: dict[str, Any]) -> None:
    for kind, done in (("Model", "estimated"), ("Description", "described")):
        for each in document[f"not_{done}"]:
            told = f"{each['message']} {each['remedy']}"
            sys.stderr.write(f"{kind} “{each['name']}” not {done}: {told}\n")


def _tell(results: pipeline.Results, policy: DisclosurePolicy, unreleased: bool) -> None:
    """Say what was withheld. Raises: CommandError where a second person must approve the rest."""
    for each in results.withheld:
        sys.stderr.write(f"{ACTIONS[each.action]}: {each.where}: {each.why}\n")
    if Check(results.withheld, policy, author="").may_go_out or unreleased:
        return
    raise CommandError(
        "A second person must approve these results, so nothing was written. Request the run "
        "with request_run, and have it decided; who checks it may say --unreleased."
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The plan {path} cannot be read: {error}.") from None


def _write(results: pipeline.Results, folder: Path) -> list[str]:
    """Every file under its own name at once, so that no half-written one is ever seen."""
    document = json.dumps(results.estimates_document, indent=2, allow_nan=False)
    files = {"estimates.json": document.encode(), **_tables("table", results.table)}
    if results.margins_table is not None:
        files |= _tables("margins", results.margins_table)
    if results.descriptives_table is not None:
        files |= _tables("descriptives", results.descriptives_table)
    if results.curve_table is not None:
        files |= _tables("curve", results.curve_table)
    for entry in results.estimates_document["tables"]:
        made = table_of_document(results.estimates_document, what=entry["key"])
        files |= _tables(entry["key"], made)
    if (curve := results.estimates_document["curve"]) is not None:
        files["specifications.csv"] = specifications_csv(curve)
    points = plot_points(results.estimates_document)
    if points:
        title, note = results.table.title, " ".join(results.table.notes[-2:])
        drawn = coefficient_plot(points, title=title, note=note)
        files["coefficients.svg"] = figures.svg(drawn).encode()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        partial = folder / f".{name}.partial"
        partial.write_bytes(content)
        os.replace(partial, folder / name)  # noqa: PTH105 -- the one call that is atomic everywhere
    return sorted(files)


def _tables(stem: str, table: Table) -> dict[str, bytes]:
    rendered = {ending: render(table) for ending, render in FORMATS.items()}
    return {
        f"{stem}.{ending}": content if isinstance(content, bytes) else content.encode()
        for ending, content in rendered.items()
    }
