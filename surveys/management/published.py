"""The version that is meant where a command names a published instrument without one."""

from pathlib import Path

from surveys.management.instrument_files import is_there
from surveys.models import Instrument


def with_version(named: str) -> str:
    """``name`` as ``name@version`` of its latest version; a file or a full name as it is."""
    if "@" in named or is_there(Path(named)):
        return named
    latest = Instrument.objects.filter(name=named).order_by("-published_at").first()
    return named if latest is None else f"{named}@{latest.version}"
