"""Correct whom to reach about a case."""

import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from surveys.actions.contact_corrections import CorrectionRefused, GivenContact, correct_contact
from surveys.management.case_command import add_case_arguments, case_and_person
from surveys.management.json_files import json_object_of
from surveys.management.wave_command import WaveCommand
from surveys.models import Wave
from surveys.permissions import may_record_calls, may_see_case

_FIELDS = ("name", "email", "phone")


class Command(WaveCommand):
    help = (
        "Correct whom to reach about a case, from a JSON file with name, email and phone: a "
        "person's address stands in no command line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        add_case_arguments(parser)
        parser.add_argument(
            "--left", action="store_true", help="the former contact left the firm: end their codes"
        )
        parser.add_argument("file", type=Path)

    def carry_out(self, wave: Wave, **options: Any) -> None:
        case, person = case_and_person(wave, options["case"], options["by"])
        if not (may_record_calls(person, wave.survey) and may_see_case(person, case)):
            raise CommandError(f"“{options['by']}” may not correct the contact of this firm.")
        contact = replace(_contact(options["file"]), former_has_left=options["left"])
        try:
            correct_contact(case=case, contact=contact, by=person, at=timezone.now())
        except CorrectionRefused as refused:
            raise CommandError(" ".join(refused.problems.values())) from None
        case.refresh_from_db()
        told = {
            "case": case.pseudonym,
            "corrected": [name for name in _FIELDS if getattr(contact, name)],
            "disposition": case.disposition,
            "final_code": case.final_code,
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False))


def _contact(path: Path) -> GivenContact:
    given = json_object_of(path)
    if unknown := sorted(set(given) - set(_FIELDS)):
        raise CommandError(f"{path}: {', '.join(unknown)} is none of: {', '.join(_FIELDS)}.")
    for name, value in given.items():
        if not isinstance(value, str):
            raise CommandError(f"{path}: {name} is not text. Put it in quotation marks.")
    return GivenContact(**{"name": ""} | {name: value.strip() for name, value in given.items()})
