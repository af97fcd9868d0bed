"""Note a call to a firm of the phone list and what came of it."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from surveys.actions import calls
from surveys.fieldwork.calls import OUTCOMES
from surveys.management.case_command import add_case_arguments, case_and_person
from surveys.management.wave_command import WaveCommand
from surveys.models import Wave
from surveys.permissions import may_record_calls, may_see_case
from surveys.queries.calls import line_of, listing_of


class Command(WaveCommand):
    help = "Note a call and what came of it; prints what the case counts as since, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add_case_arguments(parser)
        parser.add_argument("--outcome", required=True, choices=tuple(OUTCOMES))
        parser.add_argument("--at", help="when the call was made, ISO 8601; left out: now")
        parser.add_argument("--call-back", help="when to call again, ISO 8601")
        parser.add_argument("--note", default="", help="for whoever calls next; no answers")

    def carry_out(self, wave: Wave, **options: Any) -> None:
        now = timezone.now()
        case, person = case_and_person(wave, options["case"], options["by"])
        if not (may_record_calls(person, wave.survey) and may_see_case(person, case)):
            raise CommandError(f"“{options['by']}” may not call this firm.")
        call = calls.Call(
            options["outcome"],
            _moment("--at", options["at"]) or now,
            _moment("--call-back", options["call_back"]),
            options["note"],
        )
        try:
            calls.record_call(case=case, call=call, by=person, at=now)
        except calls.CallRefused as refused:
            raise CommandError(f"{refused.field}: {refused.reason}") from None
        case.refresh_from_db()
        listing = listing_of(case, now)
        line = line_of(listing) if listing else None
        told = {
            "case": case.pseudonym,
            "outcome": call.outcome,
            "calls": line.calls if line else 0,
            "state": line.state if line else "",
            "call_at": line.call_at.isoformat() if line and line.call_at else None,
            "disposition": case.disposition,
            "final_code": case.final_code,
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False))


def _moment(option: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"{option}: “{text}” is no date and time. Type 2026-11-30T14:30.")
    return timezone.make_aware(found) if timezone.is_naive(found) else found
