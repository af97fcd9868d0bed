import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis import actions
from analysis.management.registrations import add_wave, user_named, version_of, wave_of
from analysis.management.runs import write
from analysis.refusals import Refusal
from analysis.views.registration import document_of


class Command(BaseCommand):
    """Prints where the registration is and the SHA-256 of its certificate."""

    help = "Freeze a version of a plan before its wave closes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("plan", help="the plan's name in its address")
        add_wave(parser)
        parser.add_argument("--number", type=int, help="a version; without one the newest")
        parser.add_argument("--by", help="who registers it, by their log-in name")
        parser.add_argument("--certificate", type=Path, help="write the certificate to this file")
        parser.add_argument("--json", action="store_true", help="everything, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        version = version_of(wave_of(options), options["plan"], options["number"])
        try:
            found, is_new = actions.register(plan_version=version, by=user_named(options["by"]))
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} {refusal.remedy}".strip()) from None
        if options["certificate"] is not None:
            write(found.certificate.encode(), options["certificate"], self.stdout)
        if options["json"]:
            document = document_of(found) | {"is_new": is_new}
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
            return
        told = "Registered" if is_new else "Registered before"
        at = f"{found.registered_at:%Y-%m-%d %H:%M} UTC"
        self.stdout.write(
            f"{told}: {found}, version {found.plan_version.number}, {at}, certificate SHA-256 "
            f"{found.fingerprint}"
        )
