"""Write shipped plans, or plans of one's own, into a wave."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from analysis import actions, extracts
from analysis.refusals import Refusal

SHIPPED = Path(__file__).resolve().parents[2] / "plans"


class Command(BaseCommand):
    """Prints JSON: one entry a plan, with its slug, version and fingerprint."""

    help = "Write plans into a wave; the same text makes no new version."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plans", nargs="+", help="files, or names of shipped plans")
        parser.add_argument("--survey", required=True)
        parser.add_argument("--wave", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            wave = extracts.wave_named(options["survey"], options["wave"])
            written = [self._write(wave, name) for name in options["plans"]]
        except (extracts.Wave.DoesNotExist, Refusal) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(written, indent=2))

    def _write(self, wave: extracts.Wave, name: str) -> dict[str, Any]:
        path = SHIPPED / f"{name}.yaml" if not name.endswith(".yaml") else Path(name)
        if not path.is_file():
            raise CommandError(f"There is no plan {name!r}. Give a file or a shipped name.")
        slug = path.stem.replace("_", "-")
        source = path.read_text(encoding="utf-8")
        version = actions.write_plan(
            wave=wave, slug=slug, source=source, by=None, at=timezone.now()
        )
        return {"plan": slug, "version": version.number, "fingerprint": version.fingerprint}
