"""List the plans of the library and, on a wave, what it lacks for each."""

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd
from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis import extracts
from analysis.dataset import Dataset
from analysis.pipeline.carrying import constructs_lacking
from analysis.specification.theory import THEMES
from analysis.views.library import LibraryPlan, library_plans, offered_on

_DESIGN = pd.DataFrame(columns=["weight", "stratum", "cluster", "population"], dtype=float)
NOTHING_ASKED = Dataset(pd.DataFrame(), (), _DESIGN, {}, "nothing asked")
_HEAD = "| plan | title | propositions | hypothesis | made of |"


class Command(BaseCommand):
    """Prints the library by name: theme, title, propositions; on a wave, whether it has all."""

    help = "List the plans of the library; with a survey and a wave, what that wave lacks for each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("survey", nargs="?")
        parser.add_argument("wave", nargs="?")
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument(
            "--markdown", action="store_true", help="print the tables of the reference page"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["markdown"]:
            self.stdout.write("\n".join(tables()))
            return
        entries = self._entries(options["survey"], options["wave"])
        if options["json"]:
            self.stdout.write(json.dumps(entries, indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_line(each) for each in entries))

    def _entries(self, survey: str | None, wave: str | None) -> list[dict[str, Any]]:
        if survey is None:
            return [_document(each) for each in library_plans()]
        if wave is None:
            raise CommandError("Give both a survey and a wave, or neither.")
        try:
            found = extracts.wave_named(survey, wave)
        except extracts.Wave.DoesNotExist as error:
            raise CommandError(str(error)) from None
        return [
            _document(each.entry)
            | {
                "carried": each.is_carried,
                "lacking": dict(each.constructs),
                "lacking_besides": list(each.other),
            }
            for each in offered_on(found)
        ]


def tables() -> Iterator[str]:
    """Markdown: for each theme its plans, with what a survey has to ask for each."""
    for theme, title in THEMES.items():
        plans = [each for each in library_plans() if _document(each)["theme"] == theme]
        if plans:
            yield from ("", f"## {title}", "", _HEAD, "|---|---|---|---|---|")
            yield from map(_row, plans)


def _row(entry: LibraryPlan) -> str:
    needs = constructs_lacking(entry.plan, NOTHING_ASKED)
    cells = (
        f"[`{entry.name}`](../../analysis/plans/{entry.name}.yaml)",
        f"{entry.plan.title}{' (several waves)' if entry.plan.waves else ''}",
        ", ".join(name for name, _ in entry.told.claims),
        entry.told.hypothesis,
        ", ".join(f"`{each}`" for each in needs),
    )
    return f"| {' | '.join(cells)} |"


def _document(entry: LibraryPlan) -> dict[str, Any]:
    theory = entry.plan.theory
    return {
        "name": entry.name,
        "title": entry.plan.title,
        "theme": theory.theme if theory else "",
        "propositions": [name for name, _ in entry.told.claims],
        "hypothesis": entry.told.hypothesis,
        "models": len(entry.plan.specifications),
        "waves": list(entry.plan.waves),
    }


def _line(each: dict[str, Any]) -> str:
    told = f"{each['name']}  ({', '.join(each['propositions'])})  {each['title']}"
    if "carried" not in each or each["carried"]:
        return told
    lacks = [*each["lacking"], *each["lacking_besides"][:1]]
    return f"{told}\n    lacks {', '.join(lacks)}"
