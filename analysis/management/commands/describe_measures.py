"""How firms answered, name by name, as the codebook beside the plan editor shows it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from analysis import actions, extracts
from analysis.constructs.described import families_of


class Command(BaseCommand):
    """Makes the codebook if the answers changed since it was made, keeps it, and prints it."""

    help = "Describe every name that a plan may use: n, missing, and how the answers lie."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("survey")
        parser.add_argument("wave")
        parser.add_argument("--name", action="append", help="this name alone; may be repeated")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            wave = extracts.wave_named(options["survey"], options["wave"])
        except extracts.Wave.DoesNotExist as error:
            raise CommandError(str(error)) from None
        made = actions.make_codebook(wave=wave, at=timezone.now())
        lines = _chosen(made.lines, options["name"])
        if options["json"]:
            document = {"survey": options["survey"], "wave": options["wave"], "firms": made.firms}
            document["measures"] = lines
            self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_text(lines, made.firms)))


def _chosen(lines: list[dict[str, Any]], names: list[str] | None) -> list[dict[str, Any]]:
    if not names:
        return lines
    known = {line["name"]: line for line in lines}
    for name in names:
        if name not in known:
            raise CommandError(f"The wave has no name {name!r}; list_measures tells what it has.")
    return [known[name] for name in names]


def _text(lines: list[dict[str, Any]], firms: int) -> list[str]:
    told = [f"{len(lines)} names of {firms} firms"]
    for family, words, _ in families_of(lines):
        told += ["", words]
        for line in (each for each in lines if each["family"] == family):
            told += _line(line)
    return told


def _line(line: dict[str, Any]) -> list[str]:
    n = "too few answered" if line["n"] is None else f"n = {line['n']}"
    missing = f", {line['missing']:.1%} missing" if line["missing"] else ""
    bars = [f"      {label}: {share:.1%}" for label, share in line["bars"]]
    return [
        f"  {line['name']}  ({line['label']}; {line['kind']}, {n}{missing})",
        *(bars or [f"      {line['words']}"]),
    ]
