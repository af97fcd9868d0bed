"""Issue access codes for the letters of a wave, as a file that only its owner can read."""

import json
import os
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from surveys.actions.calendar import codes_expire_at
from surveys.actions.code_batches import rotate
from surveys.actions.fieldwork import IssuedCode, issue_codes
from surveys.exports import delimited
from surveys.management.wave_command import WaveCommand
from surveys.models import Case, Wave
from surveys.queries.case_contacts import contact_in
from surveys.queries.fieldwork import cases_to_invite

_COLUMNS = ("pseudonym", "firm", "register_number", "email", "access_code", "path", "valid_until")


class Command(WaveCommand):
    help = (
        "Issue an access code to every case that may still answer and has none, or to one case, "
        "and write them to a CSV. Codes are kept as hashes: this file is the only place where "
        "they can be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--case", help="pseudonym of one case, which may have a code already")
        parser.add_argument(
            "--rotate", action="store_true", help="with --case: end every earlier code of it"
        )
        parser.add_argument("--out", type=Path, required=True, help="a file that is not there yet")

    def carry_out(self, wave: Wave, **options: Any) -> None:
        if not wave.is_open:
            raise CommandError("The field of the wave is not open: a code would open nothing.")
        if options["rotate"] and not options["case"]:
            raise CommandError("--rotate is for one case: name it with --case.")
        at = timezone.now()
        expires_at = codes_expire_at(wave, at)
        cases = _cases(wave, options["case"])
        descriptor = _new_file(options["out"])
        if options["rotate"]:
            issued = _rotated(cases, at, expires_at)
        else:
            issued = issue_codes(wave=wave, cases=cases, expires_at=expires_at, by=None, at=at)
        until = timezone.localtime(expires_at).strftime("%Y-%m-%d %H:%M")
        with os.fdopen(descriptor, "wb") as file:
            file.write(delimited.render(_COLUMNS, [_row(each, until) for each in issued]))
        self.stdout.write(json.dumps({"issued": len(issued), "file": str(options["out"])}))


def _cases(wave: Wave, pseudonym: str | None) -> QuerySet[Case]:
    if pseudonym is None:
        return cases_to_invite(wave)
    found = cases_to_invite(wave, even_with_code=True).filter(pseudonym=pseudonym)
    if not found.exists():
        raise CommandError(f"There is no case “{pseudonym}” that may still answer.")
    return found


def _rotated(cases: Iterable[Case], at: datetime, expires_at: datetime) -> tuple[IssuedCode, ...]:
    return tuple(
        IssuedCode(case, rotate(case=case, by=None, at=at, expires_at=expires_at)[1])
        for case in cases
    )


def _new_file(path: Path) -> int:
    """Open for writing, readable by the owner only; before a code is issued for it."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CommandError(f"{path} is there already; it is not written over.") from None
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None


def _row(issued: IssuedCode, until: str) -> tuple[str, ...]:
    case = issued.case
    return (
        case.pseudonym,
        case.firm_name,
        case.unit.register_id if case.unit else "",
        contact_in(case).email,
        issued.code,
        reverse("surveys:enter_link", args=[issued.code]),
        until,
    )
