"""List the measures that a wave allows, with their definitions, and those that it lacks."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis import extracts
from analysis.constructs import measures
from analysis.constructs.codebook import codebook


class Command(BaseCommand):
    """Prints the codebook of measures; with --reliability how the parts of indices go together."""

    help = "List the measures of a wave: definition, source, range, missing rule, n."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("survey")
        parser.add_argument("wave")
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument(
            "--reliability",
            action="store_true",
            help="look at every index: alpha, omega, the fit of one factor",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            wave = extracts.wave_named(options["survey"], options["wave"])
        except extracts.Wave.DoesNotExist as error:
            raise CommandError(str(error)) from None
        dataset = extracts.dataset(wave)
        document = {"survey": options["survey"], "wave": options["wave"]} | codebook(
            dataset, measures(dataset), reliability=options["reliability"]
        )
        if options["json"]:
            self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(text(document)))


def text(document: dict[str, Any]) -> list[str]:
    """The lines that people read of a codebook of measures."""
    firms = document["firms"]
    lines = [f"{len(document['measures'])} measures of {firms} firm{'s' * (firms != 1)}", ""]
    for each in document["measures"]:
        lines += _measure(each)
    if document["lacking"]:
        lines += ["Lacking", ""]
        lines += [f"{each['name']}\n    {each['why']}" for each in document["lacking"]]
    if "reliability" in document:
        lines += ["", "Reliability", ""]
        lines += [line for each in document["reliability"] for line in _index(each)]
    return lines


def _measure(each: dict[str, Any]) -> list[str]:
    return [
        f"{each['name']}  ({each['label']}; n = {each['n']})",
        f"    {each['definition']}",
        f"    Range: {each['range']}. {each['missing_rule']}",
        *([f"    Source: {each['source']}."] if each["source"] else []),
        "",
    ]


def _index(each: dict[str, Any]) -> list[str]:
    lines = [f"{each['name']}  ({', '.join(each['parts'])})"]
    if alpha := each["alpha"]:
        low, high = alpha["interval"]
        lines.append(
            f"    alpha {alpha['alpha']:.3f} ({low:.3f} to {high:.3f}, {alpha['method']}), "
            f"n = {alpha['firms']}"
        )
    if factor := each["factor"]:
        lines.append(f"    omega {factor['omega']:.3f}; loadings {_numbers(factor['loadings'])}")
        if fit := factor["fit"]:
            lines.append(
                f"    one factor: chi-square {fit['chi_square']:.2f} on {fit['df']}, "
                f"CFI {fit['cfi']:.3f}, RMSEA {fit['rmsea']:.3f}, SRMR {fit['srmr']:.3f}"
            )
    return [*lines, *(f"    {told}" for told in (*each["notes"], *each["refusals"])), ""]


def _numbers(values: list[float]) -> str:
    return ", ".join(f"{value:.2f}" for value in values)
