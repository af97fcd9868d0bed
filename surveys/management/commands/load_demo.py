"""Load the demonstration with made data, and print how to get in as JSON."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone

from surveys.actions import demonstration
from surveys.management.quick_command import QuickCommand


class Command(QuickCommand):
    help = (
        "Load the demonstration: made firms, a closed wave of 1,200 responses, an open wave of "
        "420 cases, and people with a known password. Loads what is missing and destroys "
        "nothing. Prints log-ins and a fresh access link of one firm as JSON."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError(
                "The people of the demonstration have a password that everyone can read in the "
                "code. Set MILIEU_DEMO=1 to load them all the same."
            )
        loaded = demonstration.load(at=timezone.now())
        self.stdout.write(json.dumps(_document(loaded), indent=2))


def _document(loaded: demonstration.Demonstration) -> dict[str, Any]:
    return {
        "is_new": loaded.is_new,
        "people": [
            {"username": each.username, "may": each.may, "password": demonstration.PASSWORD}
            for each in demonstration.PEOPLE
        ],
        "firm": {
            "name": loaded.case.firm_name,
            "code": loaded.code,
            "path": reverse("surveys:enter_link", args=[loaded.code]),
        },
        "survey": demonstration.SURVEY,
        "closed_wave": loaded.closed_wave.get_absolute_url(),
        "open_wave": loaded.open_wave.get_absolute_url(),
    }
