"""What commands about finished runs share: finding one, and writing what came of it."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from analysis.actions import is_released
from analysis.models import Run

UNRELEASED = "also of a run that is not released, for who checks it; not to be handed on"


def finished_run(number: str | None, *, unreleased: bool = False) -> Run:
    """The finished run with this number, or the only one whose number starts so.

    Raises: CommandError that says how many there are, that the run is not finished, or that its
    results are not released, unless `unreleased` ones were asked for.
    """
    if not number:
        raise CommandError("Name a run by its number or its first characters; see run_status.")
    plain = number.lower()
    runs = Run.objects.select_related("plan_version__plan__wave__survey")
    found = [key for key in runs.values_list("pk", flat=True) if str(key).startswith(plain)]
    if len(found) != 1:
        raise CommandError(f"{len(found)} runs have a number that starts with {number}.")
    run = runs.get(pk=found[0])
    if run.state != Run.State.DONE:
        raise CommandError(f"The run is {run.get_state_display().lower()}; it has no results yet.")
    if not unreleased and not is_released(run):
        raise CommandError(
            "The results of the run are not released: see list_output_checks. Who checks them "
            "may say --unreleased."
        )
    return run


def write(content: str | bytes, path: Path | None, stream: Any) -> None:
    """To the file at once, so that no half-written one is ever seen; or to the stream.

    Raises: CommandError if the file cannot be written, or bytes would go to a terminal.
    """
    if path is None:
        _print(content, stream)
        return
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.replace(partial, path)  # noqa: PTH105 -- the one call that is atomic everywhere
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None


def _print(content: str | bytes, stream: Any) -> None:
    if isinstance(content, str):
        stream.write(content)
        return
    try:
        stream.write(content.decode())
    except UnicodeDecodeError:
        raise CommandError("This format is no text: say where with --output FILE.") from None
