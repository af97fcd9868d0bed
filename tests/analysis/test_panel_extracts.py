"""Waves of a survey as one data set: links, harmonising, weights, refusals, fingerprint."""

import numpy as np
import pytest

from analysis import extracts
from analysis.refusals import Refusal
from surveys.models import Case, Response, Wave
from tests.analysis.panel_waves import (
    QUESTIONS,
    WITH_EXPORTS,
    instrument_of,
    made_answers,
    make_followed_wave,
    make_two_waves,
)
from tests.factories import make_frame, make_survey, make_wave

pytestmark = pytest.mark.django_db
BOTH = ("2023", "2025")


def later_wave(earlier, text, year=2025, firms=range(8, 44), **fields):
    """The wave after, asked by another version of the instrument."""
    answers = {number: given | fields for number, given in made_answers(1, firms).items()}
    return make_followed_wave(earlier.frame, instrument_of(text, "2"), year, answers)


@pytest.fixture
def first(db):
    frame = make_frame(make_survey())
    return make_followed_wave(frame, instrument_of(QUESTIONS), 2023, made_answers(0, range(40)))


def test_a_row_is_a_firm_in_a_wave_and_the_firm_is_named_alike_in_both():
    wave, _ = make_two_waves()

    panel = extracts.dataset_over(wave, BOTH)

    assert len(panel.frame) == 40 + 36
    assert len(set(panel.units)) == 44
    assert panel.frame["panel.wave"].value_counts().to_dict() == {"2023": 40, "2025": 36}
    assert panel.design.loc["2025/F2025-010", "unit"] == "2023/F2023-010"
    assert panel.design.loc["2025/F2025-043", "unit"] == "2025/F2025-043"
    assert panel.frame["panel.unit"].tolist() == list(panel.units)
    assert panel.provenance["n_firms_in_every_wave"] == 32


def test_the_answers_and_weights_are_those_of_each_wave():
    wave, later = make_two_waves()
    alone = {each.slug: extracts.dataset(each) for each in (wave, later)}

    panel = extracts.dataset_over(later, BOTH)

    for slug, of_wave in alone.items():
        rows = panel.frame["panel.wave"] == slug
        for name in of_wave.frame.columns:
            assert panel.frame.loc[rows, name].tolist() == of_wave.frame[name].tolist()
        assert panel.design.loc[rows, "weight"].tolist() == of_wave.design["weight"].tolist()


def test_the_firm_is_the_cluster_and_stays_in_the_stratum_where_it_was_first_drawn():
    wave, later = make_two_waves()
    moved = Case.objects.get(wave=later, pseudonym="F2025-010")
    Case.objects.filter(pk=moved.pk).update(stratum=later.strata.get(label="stratum 1"))

    panel = extracts.dataset_over(wave, BOTH)

    assert panel.design["cluster"].tolist() == list(panel.units)
    of_firm = panel.design[panel.design["unit"] == "2023/F2023-010"]
    assert of_firm["stratum"].tolist() == ["stratum 0", "stratum 0"]
    assert panel.design["population"].isna().all()


def test_longitudinal_weights_are_those_of_the_linked_file_and_nought_for_others():
    from surveys.queries.linked import linked

    wave, later = make_two_waves()
    expected = {f"2023/{m.firm}": m.longitudinal_weight for m in linked((wave, later)).members}

    design = extracts.dataset_over(wave, BOTH).design

    assert design["longitudinal_weight"].tolist() == [
        expected.get(unit, 0.0) for unit in design["unit"]
    ]
    assert len(expected) == 32


def test_what_one_wave_did_not_ask_is_missing_there_and_said_so(first):
    later_wave(first, WITH_EXPORTS, exports=40)

    panel = extracts.dataset_over(first, BOTH)

    of_waves = panel.frame.groupby("panel.wave")["control.export_share"]
    assert of_waves.count().to_dict() == {"2023": 0, "2025": 36}
    assert [each["not_asked"] for each in panel.waves] == [["control.export_share"], []]


def test_codes_that_changed_are_not_put_in_one_column(first):
    changed = QUESTIONS.replace('{value: "no", label: "No"}', '{value: "no", label: "Not yet"}')
    later_wave(first, changed)

    panel = extracts.dataset_over(first, BOTH)

    assert "innovation.product[good]" not in panel.frame
    assert list(panel.provenance["not_pooled"]) == ["innovation.product[good]"]


def test_all_takes_every_wave_that_was_opened_in_time(first):
    later_wave(first, QUESTIONS)
    make_wave(first.survey, "2027", state=Wave.State.DRAFT, reference_last_year=2027)

    assert [each["wave"] for each in extracts.dataset_over(first, ("all",)).waves] == [
        "2023",
        "2025",
    ]


def refusal_of(wave, slugs):
    with pytest.raises(Refusal) as refused:
        extracts.dataset_over(wave, slugs)
    return refused.value.code


def test_waves_that_make_no_panel_are_refused_each_with_its_reason(first):
    assert refusal_of(first, ("2023", "2031")) == "unknown_wave"
    assert refusal_of(first, ("all",)) == "number_of_waves"
    make_wave(first.survey, "2027", state=Wave.State.DRAFT, reference_last_year=2027)
    assert refusal_of(first, ("2023", "2027")) == "wave_not_open"
    Wave.objects.filter(slug="2027").update(state=Wave.State.CLOSED)
    assert refusal_of(first, ("2023", "2027")) == "no_responses"
    later_wave(first, QUESTIONS, firms=range(50, 60))
    assert refusal_of(first, BOTH) == "no_firm_in_two_waves"
    assert refusal_of(first, ("2025", "2023")) == "waves_not_in_time"
    assert refusal_of(first, ("2025", "2027")) == "wave_not_among"


def test_a_wave_of_another_survey_is_not_found(first):
    make_wave(make_survey("other"), "2030", reference_last_year=2030, state=Wave.State.CLOSED)

    assert refusal_of(first, ("2023", "2030")) == "unknown_wave"


def test_the_fingerprint_changes_with_each_wave_and_with_who_is_who(first):
    later_wave(first, QUESTIONS)
    before = extracts.fingerprint_over(first, BOTH)
    assert before == extracts.dataset_over(first, BOTH).fingerprint
    assert before != extracts.extract_fingerprint(first)

    one, other = Case.objects.filter(wave=first).order_by("pk")[20:22]
    Case.objects.filter(pk=one.pk).update(unit=None)
    Case.objects.filter(pk=other.pk).update(unit=one.unit)
    Case.objects.filter(pk=one.pk).update(unit=other.unit)
    swapped = extracts.fingerprint_over(first, BOTH)
    response = Response.objects.filter(case__wave__slug="2025").first()
    Response.objects.filter(pk=response.pk).update(answers=response.answers | {"persons": 999})

    assert len({before, swapped, extracts.fingerprint_over(first, BOTH)}) == 3


def test_a_plan_of_one_wave_reads_one_wave(first):
    assert extracts.dataset_over(first, ()).fingerprint == extracts.extract_fingerprint(first)
    assert extracts.dataset_over(first, ()).waves == ()
    assert np.all([unit.startswith("F2023") for unit in extracts.dataset(first).units])


def test_a_panel_of_snapshots_is_the_panel_of_their_waves_and_has_a_snapshot_itself(first):
    from io import BytesIO

    from analysis import snapshots

    def again(dataset):
        file = BytesIO()
        snapshots.write(dataset, file)
        file.seek(0)
        return snapshots.verified(file)

    later_wave(first, WITH_EXPORTS, exports=40)
    panel = extracts.dataset_over(first, BOTH)

    of_snapshots = extracts.dataset_over(first, BOTH, lambda wave: again(extracts.dataset(wave)))

    assert of_snapshots.fingerprint == panel.fingerprint == again(panel).fingerprint
    assert again(panel).units == panel.units
