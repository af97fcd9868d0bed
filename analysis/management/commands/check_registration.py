import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.comparison.certificate import checked
from analysis.models import Registration


class Command(BaseCommand):
    """Tells the SHA-256 of a file and what is registered under it; status 1 if it does not hold."""

    help = "Hold the file of a certificate against a SHA-256, or against the registrations kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a certificate, as it was downloaded")
        parser.add_argument("--sha256", help="what it is to be; without it, any registration kept")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None
        found = checked(content)
        kept = Registration.objects.filter(fingerprint=found.sha256).first()
        told = (options["sha256"] or "").strip().lower()
        agrees = found.sha256 == told if told else kept is not None
        document = {
            "sha256": found.sha256,
            "agrees": agrees,
            "is_certificate": found.is_certificate,
            "text_is_intact": found.text_is_intact,
            "registration": None if kept is None else str(kept),
        }
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(f"SHA-256 {found.sha256}: {kept or 'no registration kept here'}")
        if not agrees:
            against = f"it is not {told}" if told else "no registration has this SHA-256"
            raise CommandError(f"The file is not the one that was registered: {against}.")
