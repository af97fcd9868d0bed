"""Read a mailbox of returned mail: what came back is noted, and not written to again."""

import hashlib
import json
import mailbox
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions.returned_mail import Returned, record
from surveys.fieldwork import returned_mail
from surveys.management.quick_command import QuickCommand

_LONGEST = 2_000_000
_COUNTED = ("hard", "soft", "complaint", "delivered", "delayed")


class Command(QuickCommand):
    help = (
        "Read FILE, a mailbox (mbox) of delivery reports (RFC 3464) and complaints (ARF). A hard "
        "bounce or a complaint is an event of its case, and no later step writes to the address. "
        "Reading a file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        told: dict[str, Any] = dict.fromkeys(
            ("messages", *_COUNTED, "seen_before", "of_no_message"), 0
        )
        told["no_report"] = []
        for number, raw in enumerate(_messages(file), start=1):
            told["messages"] += 1
            _read(raw, number, told)
        if not told["messages"]:
            raise CommandError(f"{file} holds no message: a mailbox file in mbox form is read.")
        self.stdout.write(json.dumps(told, indent=2))


def _messages(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
    box = mailbox.mbox(file, create=False)
    try:
        for key in box.iterkeys():
            yield box.get_bytes(key)
    finally:
        box.close()


def _read(raw: bytes, number: int, told: dict[str, Any]) -> None:
    """Note one message of the file; the number, not its words, tells which was no report."""
    report = returned_mail.read(raw) if len(raw) <= _LONGEST else None
    if report is None:
        told["no_report"].append(number)
        return
    if report.kind == "delayed":  # the mail server goes on trying, and tells how it ends
        told["delayed"] += 1
        return
    returned = Returned(
        kind=report.kind,
        source="mailbox",
        own_id=report.own_id or hashlib.sha256(raw).hexdigest(),
        message_id=report.message_id,
        code=report.code,
    )
    match record(returned=returned, at=timezone.now()):
        case "seen":
            told["seen_before"] += 1
        case "of_no_message":
            told["of_no_message"] += 1
        case _:
            told[report.kind] += 1
