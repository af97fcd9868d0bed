"""The files of one wave that the data page offers, with how large each is."""

from collections.abc import Iterator

from django.urls import reverse

from surveys.models import Wave
from surveys.queries import datafile_outline, paradata
from surveys.queries.answer_tables import (
    BATTERY_COLUMNS,
    CODEBOOK_COLUMNS,
    answer_tables,
    roster_header,
)
from surveys.queries.datafile_outline import Datafile
from surveys.views.offered import Download, OfferedFile


def offered_of(wave: Wave, content: Datafile) -> tuple[OfferedFile, ...]:
    """The data, the answers item by item where there are items, and the paradata."""
    answers = _of_answers(wave) if wave.instrument is not None else ()
    collected = _of_paradata(wave) if wave.origin == Wave.Origin.COLLECTED else ()
    return (*_of_data(wave, content), *answers, *collected)


def _of_data(wave: Wave, content: Datafile) -> Iterator[OfferedFile]:
    yield OfferedFile(
        "Data",
        "A row for each firm, a column for each thing measured, and the weight",
        (
            Download("CSV", _address(wave, "extract", file_format="csv")),
            Download("XLSX", _address(wave, "extract", file_format="xlsx")),
        ),
        rows=content.firms,
        columns=len(content.columns),
    )
    yield OfferedFile(
        "Codebook of the data",
        "A row for each column: label, unit, codes, firms with a value",
        (Download("CSV", _address(wave, "data_codebook"), is_read=True),),
        rows=len(content.variables),
        columns=len(datafile_outline.CODEBOOK_COLUMNS),
    )


def _of_answers(wave: Wave) -> Iterator[OfferedFile]:
    tables = answer_tables(wave)

    def at(table: str, file_format: str = "csv") -> Download:
        address = _address(wave, "answers", table=table, file_format=file_format)
        return Download(file_format.upper(), address)

    yield OfferedFile(
        "Answers, wide",
        "A row for each firm, a column for each answer, and how the answers came",
        (at("firms"),),
        rows=tables.firms,
        columns=len(tables.header),
    )
    if tables.cells_a_firm:
        yield OfferedFile(
            "Answers to batteries, long",
            "A row for each firm and cell of a battery",
            (at("batteries"),),
            rows=tables.firms * tables.cells_a_firm,
            columns=len(BATTERY_COLUMNS),
        )
    for each in tables.rosters:
        yield OfferedFile(
            f"Entries of {each.roster.name}",
            f"A row for each {each.roster.thing} that a firm listed,"
            " with what became of it since the wave before",
            (at(f"roster-{each.roster.name}"),),
            columns=len(roster_header(each)),
        )
    yield OfferedFile(
        "All answers", "A workbook with a sheet for each of these files", (at("all", "xlsx"),)
    )
    yield OfferedFile(
        "Codebook of the answers",
        "A row for each column: label, codes, why a value may be missing, who was asked",
        (Download("CSV", _address(wave, "answers_codebook"), is_read=True),),
        rows=len(tables.codebook),
        columns=len(CODEBOOK_COLUMNS),
    )


def _of_paradata(wave: Wave) -> Iterator[OfferedFile]:
    yield OfferedFile(
        "Paradata",
        "A row for each event: pages entered and left, edits, changes by number, devices."
        " No answers, no addresses",
        (
            Download("CSV", _address(wave, "paradata", file_format="csv")),
            Download("JSON", _address(wave, "paradata", file_format="json")),
        ),
        rows=paradata.count_of(wave),
        columns=len(paradata.COLUMNS),
    )


def _address(wave: Wave, name: str, **parts: str) -> str:
    of_wave = {"survey": wave.survey.slug, "wave": wave.slug}
    return reverse(f"surveys:{name}", kwargs=of_wave | parts)
