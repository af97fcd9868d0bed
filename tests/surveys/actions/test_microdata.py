import hashlib
from typing import Any

import pytest
from django.db import DatabaseError, connection

from surveys import questionnaire
from surveys.actions.microdata import import_microdata
from surveys.microdata import MicrodataRefused
from surveys.models import AuditEvent, Case, Instrument, Response, Stratum, Wave
from surveys.queries.extracts import extract
from surveys.queries.instruments import compiled
from tests.factories import NOON, make_wave
from tests.microdata.small import HEADER, MAPPING, ROWS, csv_bytes

pytestmark = pytest.mark.django_db

CODEBOOK = b"column,meaning\nstaff,Persons employed {in 2022}\nnew_good,New good\n"


def bring(survey, slug="2022", **changes: Any) -> Wave:
    plain = {
        "data": csv_bytes(),
        "file_name": "C:\\data\\firms.csv",
        "mapping": MAPPING.encode(),
        "codebook": CODEBOOK,
        "by": None,
        "at": NOON,
    }
    return import_microdata(survey=survey, slug=slug, **plain | changes)


def refused(survey, **changes: Any) -> set[str]:
    before = [model.objects.count() for model in (Wave, Instrument, Stratum, Case, Response)]
    with pytest.raises(MicrodataRefused) as error:
        bring(survey, **changes)
    after = [model.objects.count() for model in (Wave, Instrument, Stratum, Case, Response)]
    assert after == before
    return {problem.code for problem in error.value.report.shown}


def test_an_import_makes_a_closed_wave_that_says_where_it_comes_from(survey, ada):
    wave = bring(survey, by=ada)

    wave.refresh_from_db()
    assert (wave.state, wave.origin, wave.made_data) == ("closed", "imported", False)
    assert (wave.title, wave.reference_period) == ("Invented survey of ten firms", "2020 to 2022")
    assert wave.provenance == {
        "source": "Invented for tests",
        "licence": "",
        "file": "firms.csv",
        "file_sha256": hashlib.sha256(csv_bytes()).hexdigest(),
        "mapping_sha256": hashlib.sha256(MAPPING.encode()).hexdigest(),
    }
    event = AuditEvent.objects.get()
    assert (event.user, event.action, event.detail["firms"]) == (ada, "microdata_imported", 3)


def test_firms_come_with_weight_stratum_and_the_row_they_stand_in(survey):
    wave = bring(survey)

    cases = wave.cases.order_by("pk")
    assert [(c.pseudonym, c.design_weight, c.stratum.label) for c in cases] == [
        ("A1", 2.5, "small · north"),
        ("A2", 2.5, "small · north"),
        ("B1", 1.0, "large · south"),
    ]
    assert {(s.label, s.population, s.drawn) for s in wave.strata.all()} == {
        ("small · north", 5, 2),
        ("large · south", 1, 1),
    }
    assert [case.response.reference for case in cases] == ["2", "3", "4"]
    assert all(case.response.is_submitted for case in cases)


def test_the_extract_of_an_imported_wave_has_its_constructs(survey):
    found = extract(bring(survey))

    row = found.frame.loc["A1"]
    assert row["networking.cooperation[suppliers,home]"] == 1
    assert row["networking.cooperation[suppliers,farther]"] == 0
    assert row["networking.cooperation[universities,farther]"] == 1
    assert row["innovation.novelty[new_good]"] == 2
    assert row["control.graduate_share"] == 15.6
    assert row["control.turnover"] == 350_000
    assert row["control.region"] == "north"
    assert found.frame.loc["A2", "innovation.novelty[new_good]"] == 0
    assert found.frame["control.employment"].isna().tolist() == [False, True, False]
    assert found.design["weight"].tolist() == [2.5, 2.5, 1.0]
    assert found.design["population"].tolist() == [5, 5, 1]


def test_every_imported_answer_passes_the_checks_of_its_item(survey):
    wave = bring(survey)

    definition = compiled(wave.instrument)
    answers = Response.objects.get(case__pseudonym="B1").answers
    faults = [
        (item.name, questionnaire.check_value(item, answers[item.name]))
        for item in definition.items
        if questionnaire.check_value(item, answers[item.name])
    ]
    assert faults == []


def test_variables_are_labelled_by_the_codebook_and_braces_fill_nothing(survey):
    definition = compiled(bring(survey).instrument)

    assert definition.item("staff").label == "Persons employed (in 2022)"
    assert definition.item("founded").label == "founded"


def test_the_same_file_in_two_waves_shares_one_instrument(survey):
    first, second = bring(survey, "a"), bring(survey, "b")

    assert first.instrument == second.instrument


def test_another_mapping_of_the_same_name_makes_another_version(survey):
    changed = MAPPING.replace("{0: {value: 0", "{2: {value: 0, label: Never}, 0: {value: 0")

    first, second = bring(survey, "a"), bring(survey, "b", mapping=changed.encode())

    assert first.instrument.name == second.instrument.name
    assert first.instrument.version != second.instrument.version


def test_a_refused_file_leaves_nothing_behind(survey):
    assert refused(survey, data=csv_bytes(ROWS[0].replace(",12,", ",?,"))) == {"not_a_number"}


def test_problems_of_mapping_and_codebook_come_together(survey):
    found = refused(survey, mapping=b"title: x", codebook=b"a,b\n", slug="import")

    assert {"mapping_missing", "codebook_header", "wave_name"} <= found


def test_an_import_never_writes_over_a_wave(survey):
    make_wave(survey, "2022")

    assert refused(survey) == {"wave_exists"}


def test_a_cell_that_two_numbers_would_fill_is_a_problem_of_the_mapping(survey):
    twice = MAPPING.replace(
        "{column: remark, kind: text}", "{column: remark, construct: control.employment}"
    )
    rows = [row.replace("fine", "1").replace("=SUM(A1)", "1") for row in ROWS]

    assert refused(survey, mapping=twice.encode(), data=csv_bytes(*rows)) == {"mapping_instrument"}


def test_cells_over_the_setting_are_refused(survey, settings):
    settings.MICRODATA_CELLS = 30

    assert refused(survey) == {"too_many_cells"}


def test_columns_whose_names_are_no_names_of_items_are_imported(survey):
    header = HEADER.replace("staff", "1. Beschäftigte (VZÄ)").replace(
        "turnover", "1 Beschäftigte VZÄ"
    )
    mapping = MAPPING.replace("column: staff", "column: 1. Beschäftigte (VZÄ)").replace(
        "column: turnover", "column: 1 Beschäftigte VZÄ"
    )

    wave = bring(survey, data=csv_bytes(header=header), mapping=mapping.encode())

    names = set(Response.objects.filter(case__wave=wave)[0].answers)
    assert {"c_1_besch_ftigte_vz", "c_1_besch_ftigte_vz_2"} <= names


def test_a_column_with_a_single_code_can_be_imported(survey):
    rows = [row.replace("south", "north").replace(",1,1,640", ",1,5,640") for row in ROWS]

    wave = bring(survey, data=csv_bytes(*rows))

    assert extract(wave).frame["control.region"].tolist() == ["north"] * 3


def test_a_database_that_fails_half_way_keeps_nothing(survey):
    def fail_at_responses(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "surveys_response"'):
            raise DatabaseError("disk full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail_at_responses), pytest.raises(DatabaseError):
        bring(survey)

    for model in (Wave, Instrument, Stratum, Case, Response, AuditEvent):
        assert not model.objects.exists()
