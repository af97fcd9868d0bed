"""Whatever may change the extract of a wave changes its mark, and nothing of answers is read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.models import Case, Response, Stratum, Survey, Wave
from surveys.queries import extract_columns
from surveys.queries.extract_marks import extract_mark
from surveys.queries.extracts import extract
from tests.analysis.answered import make_answered_wave
from tests.factories import NOON, make_case, make_response, make_stratum, make_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave() -> Wave:
    return make_answered_wave(firms=12, industries=2)


def fresh(wave: Wave) -> Wave:
    return Wave.objects.get(pk=wave.pk)


CHANGES = {
    "an answer": lambda: Response.objects.filter(pk=newest()).update(revision=7),
    "a response less": lambda: Response.objects.filter(pk=newest()).delete(),
    "a firm's outcome": lambda: Case.objects.filter(response=newest()).update(
        disposition=Case.Disposition.NOT_ELIGIBLE
    ),
    "a design weight": lambda: Case.objects.filter(response=newest()).update(design_weight=2.5),
    "a population": lambda: Stratum.objects.filter(pk=Stratum.objects.first().pk).update(
        population=123_456
    ),
    "the region of a stratum": lambda: Stratum.objects.update(region="north"),
    "the name of the survey": lambda: Survey.objects.update(title="Another"),
    "the years": lambda: Wave.objects.update(reference_last_year=2031),
    "made data": lambda: Wave.objects.update(made_data=True),
}


def newest() -> int:
    return Response.objects.latest("pk").pk


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_the_extract_changes_the_mark(wave, change):
    before = extract_mark(fresh(wave))
    assert extract_mark(fresh(wave)) == before

    change()

    assert extract_mark(fresh(wave)) != before


def test_no_answer_is_read_for_it(wave):
    with CaptureQueriesContext(connection) as queries:
        extract_mark(fresh(wave))

    assert not any('"answers"' in query["sql"] for query in queries)


def test_a_former_wave_counts(wave):
    former = make_wave(wave.survey, "2023", state="closed", closed_at=NOON)
    case = make_case(former, make_stratum(former), "F1")
    make_response(case, {"persons": 3}, submitted_at=NOON, reference="R1", revision=1)
    Wave.objects.filter(pk=wave.pk).update(previous=former)
    before = extract_mark(fresh(wave))

    Response.objects.filter(case=case).update(revision=2)

    assert extract_mark(fresh(wave)) != before


def test_firms_taken_some_at_a_time_give_the_same_extract(wave, monkeypatch):
    whole = extract(fresh(wave))

    monkeypatch.setattr(extract_columns, "FIRMS_AT_A_TIME", 5)

    portioned = extract(fresh(wave))
    assert portioned.frame.equals(whole.frame)
    assert list(portioned.frame.index) == sorted(portioned.frame.index)
    assert portioned.design.equals(whole.design)
    assert portioned.provenance == whole.provenance
