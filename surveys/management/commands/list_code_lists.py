"""The code lists that lookups can name."""

import json
from argparse import ArgumentParser
from typing import Any

from surveys.management.quick_command import QuickCommand
from surveys.models import CodeList
from surveys.queries import code_lists


class Command(QuickCommand):
    help = "Print the code lists, shipped and uploaded, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--survey", help="shipped lists and those of this survey alone")

    def handle(self, *, survey: str | None, **options: Any) -> None:
        lists = [
            _line(source.name, source.version, source.title, "")
            for source in code_lists.sources().values()
        ]
        kept = CodeList.objects.select_related("survey").defer("codes")
        if survey:
            kept = kept.filter(survey__slug=survey)
        lists += [
            _line(each.name, each.version, each.title, each.survey.slug)
            for each in kept
            if each.survey
        ]
        self.stdout.write(json.dumps(lists, indent=2, ensure_ascii=False))


def _line(name: str, version: str, title: str, survey: str) -> dict[str, Any]:
    """A list; `survey` is empty where it comes with the platform."""
    found = code_lists.find(name, version)
    return {
        "list": f"{name}@{version}",
        "title": title,
        "codes": len(found.codes) if found else 0,
        "survey": survey,
    }
