"""Importing an existing survey's micro-data: all of it, or nothing and every problem."""

import hashlib
from collections.abc import Mapping as Lookup
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from surveys import questionnaire
from surveys.actions.addresses import NOT_WAVES
from surveys.microdata import (
    ImportedUnit,
    Limits,
    Mapping,
    Microdata,
    MicrodataRefused,
    instrument_document,
    item_names,
    read_codebook,
    read_mapping,
    read_microdata,
)
from surveys.microdata.problems import ProblemList, refuse
from surveys.microdata.text import decode
from surveys.models import AuditEvent, Case, Instrument, Response, Stratum, Survey, User, Wave

_AT_ONCE = 500


def import_microdata(
    *,
    survey: Survey,
    slug: str,
    data: bytes,
    file_name: str,
    mapping: bytes,
    codebook: bytes | None,
    by: User | None,
    at: datetime,
) -> Wave:
    """Make a closed wave of a file.

    Raises MicrodataRefused with every problem of file, mapping, codebook and name; then
    nothing was written.
    """
    plan, meanings = _instructions(slug, mapping, codebook)
    microdata = read_microdata(data, plan, limits=_limits())
    document = instrument_document(plan, microdata, meanings)
    definition = _compile(document)
    try:
        with transaction.atomic():
            wave = _wave(survey, slug, plan, at)
            wave.provenance = _provenance(plan, microdata, file_name, mapping)
            wave.instrument = _instrument(definition, by, at)
            wave.save()
            _write_cases(wave, plan, microdata, at)
            _audit(wave, len(microdata.units), by, at)
    except IntegrityError:
        # Two imports under one name at the same time: the other one was first.
        if Wave.objects.filter(survey=survey, slug=slug).exists():
            refuse("wave_exists", *_taken(slug))
        raise
    return wave


def _instructions(
    slug: str, mapping: bytes, codebook: bytes | None
) -> tuple[Mapping, dict[str, str]]:
    """The mapping and the meanings of columns; the problems of both together."""
    problems = ProblemList()
    if slug in NOT_WAVES:
        problems.add("wave_name", f"A wave cannot be called “{slug}”.", "Choose another name.")
    plan: Mapping | None = None
    meanings: dict[str, str] = {}
    try:
        plan = read_mapping(decode(mapping, "utf-8"))
    except MicrodataRefused as refused:
        problems.absorb(refused.report)
    try:
        meanings = read_codebook(codebook) if codebook is not None else {}
    except MicrodataRefused as refused:
        problems.absorb(refused.report)
    if plan is None or problems:
        raise MicrodataRefused(problems.report())
    return plan, meanings


def _limits() -> Limits:
    return Limits(cells=settings.MICRODATA_CELLS)


def _compile(document: dict[str, Any]) -> questionnaire.Instrument:
    """The instrument; what its language does not allow is a problem of the mapping."""
    try:
        return questionnaire.compile_document(document)
    except questionnaire.InstrumentErrors as errors:
        problems = ProblemList()
        for problem in errors.problems:
            place = f"{problem.where}: {problem.message}"
            problems.add("mapping_instrument", place, problem.remedy)
        raise MicrodataRefused(problems.report()) from None


def _taken(slug: str) -> tuple[str, str]:
    return (
        f"The survey has a wave “{slug}” already. Nothing was imported.",
        "Choose another name: an import never writes over a wave.",
    )


def _wave(survey: Survey, slug: str, plan: Mapping, at: datetime) -> Wave:
    if Wave.objects.filter(survey=survey, slug=slug).exists():
        refuse("wave_exists", *_taken(slug))
    return Wave.objects.create(
        survey=survey,
        slug=slug,
        title=plan.title,
        reference_first_year=plan.reference_first_year,
        reference_last_year=plan.reference_last_year,
        field_start=plan.field_start,
        field_end=plan.field_end,
        state=Wave.State.CLOSED,
        origin=Wave.Origin.IMPORTED,
        closed_at=at,
    )


def _provenance(
    plan: Mapping, microdata: Microdata, file_name: str, mapping: bytes
) -> dict[str, str]:
    return {
        "source": plan.source,
        "licence": plan.licence,
        "file": PurePath(file_name.replace("\\", "/")).name[:120],
        "file_sha256": microdata.fingerprint,
        "mapping_sha256": hashlib.sha256(mapping).hexdigest(),
    }


def _instrument(definition: questionnaire.Instrument, by: User | None, at: datetime) -> Instrument:
    """The published instrument of that content, made now if there is none."""
    instrument, _ = Instrument.objects.get_or_create(
        fingerprint=definition.fingerprint,
        defaults={
            "name": definition.name,
            "version": definition.version,
            "title": definition.title,
            "document": dict(definition.document),
            "published_at": at,
            "published_by": by,
        },
    )
    return instrument


def _write_cases(wave: Wave, plan: Mapping, microdata: Microdata, at: datetime) -> None:
    strata = _strata(wave, microdata)
    names = item_names(plan)
    cases = Case.objects.bulk_create(
        [_case(wave, strata[unit.design.stratum], unit, at) for unit in microdata.units],
        batch_size=_AT_ONCE,
    )
    Response.objects.bulk_create(
        [
            Response(
                case=case,
                answers=_named(unit.answers, names),
                revision=1,
                begun_at=at,
                saved_at=at,
                submitted_at=at,
                reference=f"{unit.row}",
            )
            for case, unit in zip(cases, microdata.units, strict=True)
        ],
        batch_size=_AT_ONCE,
    )


def _case(wave: Wave, stratum: Stratum, unit: ImportedUnit, at: datetime) -> Case:
    return Case(
        wave=wave,
        stratum=stratum,
        pseudonym=unit.identifier,
        design_weight=unit.design.weight,
        cluster=unit.design.cluster,
        disposition=Case.Disposition.COMPLETE,
        disposition_at=at,
    )


def _named(answers: Lookup[str, Any], names: Lookup[str, str]) -> dict[str, Any]:
    return {names[column]: answer for column, answer in answers.items()}


def _strata(wave: Wave, microdata: Microdata) -> dict[str, Stratum]:
    drawn: dict[str, int] = {}
    populations: dict[str, int | None] = {}
    for unit in microdata.units:
        drawn[unit.design.stratum] = drawn.get(unit.design.stratum, 0) + 1
        populations[unit.design.stratum] = unit.design.population
    strata = Stratum.objects.bulk_create(
        [
            Stratum(wave=wave, label=label, population=populations[label], drawn=drawn[label])
            for label in sorted(drawn)
        ],
        batch_size=_AT_ONCE,
    )
    return {stratum.label: stratum for stratum in strata}


def _audit(wave: Wave, firms: int, by: User | None, at: datetime) -> None:
    AuditEvent.objects.create(
        user=by,
        survey=wave.survey,
        action="microdata_imported",
        at=at,
        detail={"wave": wave.slug, "firms": firms, **wave.provenance},
    )
