import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from analysis.management.registrations import add_wave, wave_of
from analysis.views.registration import document_of
from analysis.views.standing import registrations_of


class Command(BaseCommand):
    """Prints a line for each registration, the newest first."""

    help = "List the registrations of a wave's plans."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_wave(parser)
        parser.add_argument("--json", action="store_true", help="with certificates, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = registrations_of(wave_of(options))
        if options["json"]:
            documents = [document_of(each) for each in found]
            self.stdout.write(json.dumps(documents, ensure_ascii=False, indent=2))
            return
        for each in found:
            later = getattr(each, "superseded_by", None)
            state = "in force" if later is None else f"replaced by registration {later.number}"
            self.stdout.write(
                f"{each.plan.slug} {each.number} version {each.plan_version.number} "
                f"{each.registered_at:%Y-%m-%dT%H:%M:%SZ} {each.fingerprint} {state}"
            )
