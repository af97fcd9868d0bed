"""JSON files that commands are given beside an instrument."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from surveys.management.instrument_files import text_of

LONGEST = 2_000_000


def json_object_of(path: Path) -> dict[str, Any]:
    """The JSON object in the file. Raises CommandError, which quotes nothing of the file."""
    try:
        value = json.loads(text_of(path, LONGEST))
    except (ValueError, RecursionError):
        raise CommandError(f"{path} is not JSON.") from None
    if not isinstance(value, dict):
        raise CommandError(f"{path} is not a JSON object of names and values.")
    return value
