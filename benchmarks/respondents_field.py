"""The field of the benchmarks, made through the product's actions, and looked at afterwards.

    python -m benchmarks.respondents_field sixty --cases 100 < /dev/null
    python -m benchmarks.respondents_field file FILE --answers ANSWERS --cases 1 < /dev/null
    python -m benchmarks.respondents_field fields < /dev/null
    python -m benchmarks.respondents_field check < visits.json

The database is that of the settings and must hold no survey. The first two print the visits:
access code, what is typed on every page, and the answers that are to be stored. The third
prints the form fields of the sixty questions, the last how the database differs from visits.
"""

import argparse
import json
import os
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import transaction
from django.forms import Field
from django.utils import timezone

from benchmarks import respondents_instrument
from surveys.actions import instruments, invitations, waves
from surveys.forms.fields import ManyCodesField, OneCodeField
from surveys.forms.items import fields_of, typed_from
from surveys.models import Case, Response, Stratum, Survey, Wave
from surveys.queries.instruments import compiled
from surveys.questionnaire import compile_document
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.offering import takes_answer
from surveys.questionnaire.playing_answers import written_answers


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    sixty = commands.add_parser("sixty")
    sixty.add_argument("--cases", type=int, required=True)
    of_file = commands.add_parser("file")
    of_file.add_argument("file", type=Path)
    of_file.add_argument("--answers", type=Path, required=True)
    of_file.add_argument("--cases", type=int, required=True)
    commands.add_parser("fields")
    commands.add_parser("check")
    chosen = parser.parse_args()
    match chosen.command:
        case "sixty":
            told: Any = _sixty(chosen.cases)
        case "file":
            told = _of_file(chosen.file, chosen.answers, chosen.cases)
        case "fields":
            told = _described(compile_document(respondents_instrument.document()))
        case _:
            told = _differences(json.load(sys.stdin))
    json.dump(told, sys.stdout)
    return 0


def _sixty(cases: int) -> list[dict[str, Any]]:
    instrument, codes = _field(respondents_instrument.document(), cases)
    return [
        _visit(instrument, code, number, respondents_instrument.answers(number))
        for number, code in enumerate(codes)
    ]


def _of_file(file: Path, answers: Path, cases: int) -> list[dict[str, Any]]:
    """The same for an instrument of another system, answered by each case alike."""
    # Importers are needed here only.
    from surveys.interchange.formats import guess_format, read_as  # noqa: PLC0415

    data = file.read_bytes()
    document = read_as(guess_format(file.name, data), data).document
    instrument, codes = _field(dict(document), cases)
    given = written_answers(instrument, json.loads(answers.read_text())).answers
    return [_visit(instrument, code, number, dict(given)) for number, code in enumerate(codes)]


@transaction.atomic
def _field(document: dict[str, Any], cases: int) -> tuple[Instrument, list[str]]:
    """A wave with the instrument in its field, and the access codes of its cases."""
    now = timezone.now()
    survey = Survey.objects.create(slug="benchmark", title="Benchmark")
    instrument = instruments.publish_document(document=document, by=None, at=now, survey=survey)
    wave = Wave.objects.create(
        survey=survey,
        slug="2024",
        title="Wave 2024",
        reference_first_year=2022,
        reference_last_year=2024,
        field_start=date(2025, 1, 1),
        field_end=date(2025, 12, 31),
    )
    stratum = Stratum.objects.create(wave=wave, label="all", population=cases, drawn=cases)
    made = Case.objects.bulk_create(
        Case(wave=wave, stratum=stratum, pseudonym=f"F{number:05}", firm_name=f"Firm {number}")
        for number in range(cases)
    )
    waves.use_instrument(wave=wave, instrument=instrument, by=None, at=now)
    ends = now + timedelta(days=30)
    codes = [invitations.issue(case=case, at=now, expires_at=ends)[1] for case in made]
    waves.open_field(wave=wave, by=None, at=now)
    return compiled(instrument), codes


def _visit(
    instrument: Instrument, code: str, number: int, answers: dict[str, Any]
) -> dict[str, Any]:
    return {
        "number": number,
        "pseudonym": f"F{number:05}",
        "code": code,
        "pages": {page.name: typed(page, answers) for page in instrument.pages},
        "items": {page.name: [item.name for item in page.items] for page in instrument.pages},
        "answers": answers,
    }


def _described(instrument: Instrument) -> dict[str, list[dict[str, Any]]]:
    """By page, name, label, kind and choices of every form field."""
    return {
        page.name: [
            _described_field(name, item.label, field)
            for item in page.items
            for name, field in fields_of(item).items()
        ]
        for page in instrument.pages
    }


def _described_field(name: str, label: str, field: Field) -> dict[str, Any]:
    kinds = {OneCodeField: "one", ManyCodesField: "many"}
    choices = [list(each) for each in getattr(field, "choices", ())]
    kind = kinds.get(type(field), "text")
    return {"name": name, "label": label, "kind": kind, "choices": choices}


def typed(page: Any, answers: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields of a page as a browser sends them; what is blank is not told."""
    fields: list[tuple[str, str]] = []
    for item in page.items:
        if not takes_answer(item) or answers.get(item.name) is None:
            continue
        for name, value in typed_from(item, answers[item.name]).items():
            values = value if isinstance(value, list) else [value]
            fields += [(name, str(each)) for each in values if each not in (None, "")]
    return fields


def _differences(visits: list[dict[str, Any]]) -> dict[str, Any]:
    """How what is stored differs from what was sent; names of items only."""
    stored = dict(
        Response.objects.filter(submitted_at__isnull=False).values_list(
            "case__pseudonym", "answers"
        )
    )
    missing = [each["pseudonym"] for each in visits if each["pseudonym"] not in stored]
    differing = {
        each["pseudonym"]: names
        for each in visits
        if each["pseudonym"] in stored and (names := _differing(each, stored[each["pseudonym"]]))
    }
    answers = sum(
        value is not None for each in visits for value in stored.get(each["pseudonym"], {}).values()
    )
    return {
        "visits": len(visits),
        "not_submitted": missing,
        "differing": differing,
        "answers_compared": answers,
    }


def _differing(visit: dict[str, Any], stored: dict[str, Any]) -> list[str]:
    """Items whose stored answer is not the one sent; nothing was sent on pages not asked."""
    asked = {name for page in visit.get("asked", visit["items"]) for name in visit["items"][page]}
    sent = {name: value for name, value in visit["answers"].items() if name in asked}
    names = sent.keys() | stored.keys()
    return sorted(name for name in names if stored.get(name) != sent.get(name))


if __name__ == "__main__":
    sys.exit(main())
