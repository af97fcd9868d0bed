"""Firms that merged, closed or left the scope, and what the next draw does with them."""

from datetime import date, timedelta

import pytest

from surveys.actions.enterprises import record_event
from surveys.actions.samples import DrawRefused, draw, plan
from surveys.models import Case, EnterpriseEvent, SamplePlan, Wave
from surveys.queries.ended_firms import ended_firms
from surveys.queries.weighting import drawn_cases
from surveys.sampling.designs import DesignErrors
from tests.factories import NOON, make_enterprise, make_wave
from tests.surveys.test_draw_sample import make_frame

pytestmark = pytest.mark.django_db
DOCUMENT = {"strata": {"by": ["size_class"]}, "allocation": {"total": 60}, "seed": 4}
LEAVING = DOCUMENT | {
    "allocation": {"total": 57},
    "leave_out": ["merged", "closed", "out_of_scope"],
}


@pytest.fixture
def wave(survey) -> Wave:
    frame = make_frame(survey)
    for unit in frame.units.all():
        unit.enterprise = make_enterprise(survey, unit.register_id)
        unit.save()
    return make_wave(survey, frame=frame)


def happened(wave: Wave, register_id: str, kind: str, **more) -> EnterpriseEvent:
    firm = wave.survey.enterprises.get(register_id=register_id)
    successor = wave.survey.enterprises.get(register_id="R050") if kind == "merged" else None
    told = {"on": date(2026, 1, 1), "note": "", "by": None, "at": NOON, "successor": successor}
    return record_event(enterprise=firm, kind=kind, **told | more)


def three_ended(wave: Wave) -> None:
    happened(wave, "R001", "merged")
    happened(wave, "R002", "closed")
    happened(wave, "R003", "out_of_scope")
    happened(wave, "R004", "renamed")
    happened(wave, "R005", "split")


def drawn(wave: Wave) -> set[str]:
    return set(Case.objects.filter(wave=wave).values_list("unit__register_id", flat=True))


def test_a_preview_tells_of_firms_that_ended_and_can_still_be_drawn(wave, ada):
    three_ended(wave)

    kept = plan(wave=wave, document=DOCUMENT, by=ada, at=NOON)

    told = kept.preview["ended"]
    assert (told["left_out"], told["staying"], told["drawn"]) == (0, 3, 3)
    assert kept.preview["remarks"] == [
        "3 firms of the list were recorded as merged, closed or out of scope and can still be "
        "drawn; this draw takes 3 of them. The plan can leave such firms out, if they are no "
        "longer of the population."
    ]


def test_one_firm_that_ended_and_is_not_drawn_is_told_as_one(wave, ada):
    everybody_else = DOCUMENT | {"allocation": {"total": 59}}
    first = plan(wave=wave, document=everybody_else, by=ada, at=NOON)
    draw(wave=wave, by=ada, at=NOON)
    (missing,) = {f"R{n:03}" for n in range(60)} - drawn(wave)
    happened(wave, missing, "closed")

    other = make_wave(wave.survey, "2027", frame=wave.frame)
    kept = plan(wave=other, document=everybody_else, by=ada, at=NOON)

    assert first.preview["remarks"] == []
    assert kept.preview["remarks"][0].startswith("1 firm of the list was recorded as")
    assert "this draw does not take it" in kept.preview["remarks"][0]


def test_firms_that_the_plan_leaves_out_are_not_drawn_nor_counted(wave, ada):
    three_ended(wave)

    kept = plan(wave=wave, document=LEAVING, by=ada, at=NOON)
    draw(wave=wave, by=ada, at=NOON)

    assert kept.preview["firms"] == sum(s.population for s in wave.strata.all()) == 57
    assert kept.preview["remarks"] == [
        "3 firms of the list are left out as recorded as merged, closed or out of scope; N counts "
        "the others."
    ]
    everybody = {f"R{n:03}" for n in range(60)}
    assert drawn(wave) == everybody - {"R001", "R002", "R003"}
    assert sum(c.design_weight for c in Case.objects.all()) == pytest.approx(57)


def test_weights_are_fitted_to_the_firms_that_could_be_drawn(wave, ada):
    three_ended(wave)
    wave.frame.units.update(employees=10)
    happened(wave, "R006", "closed", on=date(2025, 1, 1))
    happened(wave, "R006", "merged", on=date(2025, 2, 1))
    plan(wave=wave, document=LEAVING | {"leave_out": ["closed"]}, by=ada, at=NOON)
    draw(wave=wave, by=ada, at=NOON)
    happened(wave, "R007", "closed", at=NOON + timedelta(days=1))

    found = drawn_cases(wave).drawn

    assert sum(found.frame["stratum"].values()) == 59
    assert sum(found.frame["region"].values()) == 59
    assert found.totals["employees"] == 10 * 59


def test_only_what_the_plan_names_is_left_out(wave, ada):
    three_ended(wave)

    kept = plan(wave=wave, document=LEAVING | {"leave_out": ["closed"]}, by=ada, at=NOON)

    told = kept.preview["ended"]
    assert (told["left_out"], told["staying"]) == (1, 2)
    assert kept.preview["firms"] == 59


def test_a_firm_that_a_later_list_had_back_is_drawn_as_any_other(wave, ada):
    closed = happened(wave, "R002", "closed")
    EnterpriseEvent.objects.create(
        enterprise=closed.enterprise, kind="appeared", on=date(2026, 2, 1),
        at=NOON + timedelta(days=1),
    )  # fmt: skip

    kept = plan(wave=wave, document=LEAVING, by=ada, at=NOON)

    assert kept.preview["ended"]["left_out"] == 0
    assert kept.preview["remarks"] == []


def test_what_is_recorded_after_the_preview_asks_for_a_new_one(wave, ada):
    plan(wave=wave, document=LEAVING, by=ada, at=NOON)
    happened(wave, "R002", "closed")

    with pytest.raises(DrawRefused, match="since the preview"):
        draw(wave=wave, by=ada, at=NOON)
    assert not Case.objects.exists()

    plan(wave=wave, document=LEAVING, by=ada, at=NOON)
    assert len(draw(wave=wave, by=ada, at=NOON)) == 57
    assert SamplePlan.objects.get().drawn_at == NOON


def test_what_is_recorded_does_not_matter_to_a_plan_that_leaves_nobody_out(wave, ada):
    plan(wave=wave, document=DOCUMENT, by=ada, at=NOON)
    happened(wave, "R002", "closed")

    assert len(draw(wave=wave, by=ada, at=NOON)) == 60


def test_only_ends_can_be_left_out(wave, ada):
    with pytest.raises(DesignErrors, match="leave_out"):
        plan(wave=wave, document=LEAVING | {"leave_out": ["renamed"]}, by=ada, at=NOON)


@pytest.mark.parametrize("firms", [1, 3])
def test_firms_that_ended_are_found_in_one_statement(wave, django_assert_num_queries, firms):
    for n in range(firms):
        happened(wave, f"R{n:03}", "closed")

    with django_assert_num_queries(1):
        assert len(ended_firms(wave.frame).kinds) == firms
