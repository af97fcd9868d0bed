"""Compile the catalogues of the firm's pages, as Django reads them."""

import json
from pathlib import Path
from typing import Any

import polib
from django.conf import settings

from surveys.management.quick_command import QuickCommand


class Command(QuickCommand):
    help = "Compile surveys/locale: every .po file to the .mo file beside it."

    def handle(self, **_options: Any) -> None:
        written = {}
        for path in sorted(Path(settings.LOCALE_PATHS[0]).rglob("*.po")):
            catalogue = polib.pofile(str(path), wrapwidth=99)
            catalogue.save_as_mofile(str(path.with_suffix(".mo")))
            written[path.parent.parent.name] = len(catalogue.translated_entries())
        self.stdout.write(json.dumps(written, indent=2))
