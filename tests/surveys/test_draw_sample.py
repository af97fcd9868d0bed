import pytest

from surveys.actions.samples import DrawRefused, draw
from surveys.models import AuditEvent, Case, Frame, Stratum, Unit, Wave
from surveys.sampling import AllocationRefused, SamplePlan
from tests.factories import NOON, make_wave

pytestmark = pytest.mark.django_db


def make_frame(survey, number=60) -> Frame:
    frame = Frame.objects.create(survey=survey, name="Register", fingerprint="0" * 64)
    Unit.objects.bulk_create(
        Unit(
            frame=frame,
            register_id=f"R{index:03}",
            name=f"Firm {index}",
            size_class="large" if index % 10 == 0 else "small",
            industry="goods" if index % 2 else "services",
            region="coast",
            permanent_random_number=(index * 37 % 101) / 101,
        )
        for index in range(number)
    )
    return frame


PLAN = SamplePlan(size=20, minimum=2, take_all=("large",))


def test_a_draw_writes_strata_cases_and_weights_that_sum_to_the_frame(survey, ada):
    wave = make_wave(survey, frame=make_frame(survey))

    cases = draw(wave=wave, plan=PLAN, seed=4, by=ada, at=NOON)

    assert len(cases) == wave.cases.count() == 20
    assert sum(case.design_weight for case in cases) == pytest.approx(60)
    assert {(s.label, s.population, s.drawn) for s in wave.strata.all()} == {
        ("large · services · coast", 6, 6),
        ("small · goods · coast", 30, 8),
        ("small · services · coast", 24, 6),
    }
    assert {case.pseudonym for case in cases} == {f"F{n:05}" for n in range(1, 21)}


def test_the_same_plan_and_seed_draw_the_same_firms(survey, ada):
    frame = make_frame(survey)

    first = draw(wave=make_wave(survey, "a", frame=frame), plan=PLAN, seed=4, by=ada, at=NOON)
    second = draw(wave=make_wave(survey, "b", frame=frame), plan=PLAN, seed=4, by=ada, at=NOON)

    assert [(c.unit_id, c.pseudonym) for c in first] == [(c.unit_id, c.pseudonym) for c in second]


def test_a_draw_is_audited_with_plan_and_seed(survey, ada):
    draw(wave=make_wave(survey, frame=make_frame(survey)), plan=PLAN, seed=4, by=ada, at=NOON)

    event = AuditEvent.objects.get()

    assert (event.user, event.action, event.detail["seed"]) == (ada, "sample_drawn", 4)
    assert event.detail["plan"]["size"] == 20


@pytest.mark.parametrize("state", ["no frame", "drawn", "closed"])
def test_a_second_or_impossible_draw_is_refused(survey, ada, state):
    frame = None if state == "no frame" else make_frame(survey)
    wave = make_wave(survey, frame=frame)
    if state == "drawn":
        draw(wave=wave, plan=PLAN, seed=4, by=ada, at=NOON)
    if state == "closed":
        Wave.objects.update(state=Wave.State.CLOSED)
    before = Case.objects.count()

    with pytest.raises(DrawRefused):
        draw(wave=wave, plan=PLAN, seed=4, by=ada, at=NOON)

    assert Case.objects.count() == before


def test_a_draw_that_the_frame_cannot_give_leaves_nothing_behind(survey, ada):
    wave = make_wave(survey, frame=make_frame(survey))

    with pytest.raises(AllocationRefused):
        draw(wave=wave, plan=SamplePlan(size=61), seed=4, by=ada, at=NOON)

    assert (Stratum.objects.count(), Case.objects.count()) == (0, 0)
