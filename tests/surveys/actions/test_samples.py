"""Plans kept, samples drawn, and what is refused before anything is written."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from surveys.actions.samples import DrawRefused, draw, plan
from surveys.models import AuditEvent, Case, Frame, SamplePlan, Stratum, Wave
from surveys.queries.samples import earlier_draws, earlier_waves_drawn
from surveys.sampling import AllocationRefused, PrecisionRefused
from surveys.sampling.designs import DesignErrors
from tests.factories import NOON, make_wave
from tests.surveys.test_draw_sample import make_frame

pytestmark = pytest.mark.django_db
DOCUMENT = {
    "strata": {"take_all": ["large"], "collapse": {"below": 5}},
    "allocation": {"method": "proportional", "total": 20},
    "seed": 4,
}


@pytest.fixture
def wave(survey) -> Wave:
    return make_wave(survey, frame=make_frame(survey))


def planned(wave, by, document=DOCUMENT) -> SamplePlan:
    return plan(wave=wave, document=document, by=by, at=NOON)


def test_a_preview_tells_strata_and_writes_nothing_else(wave, ada):
    kept = planned(wave, ada)

    assert kept.preview["drawn"] == 20
    assert sum(line["population"] for line in kept.preview["strata"]) == 60
    assert kept.preview["burden"] == {"waves": 0, "frame": {"0": 60}, "drawn": {"0": 20}}
    assert (Stratum.objects.count(), Case.objects.count()) == (0, 0)
    assert kept.drawn_at is None


def test_what_was_previewed_is_drawn_with_weights_and_audit(wave, ada):
    kept = planned(wave, ada)

    cases = draw(wave=wave, by=ada, at=NOON)

    assert len(cases) == 20
    assert {(s.label, s.drawn) for s in wave.strata.all()} == {
        (line["label"], line["drawn"]) for line in kept.preview["strata"]
    }
    assert all(c.design_weight == pytest.approx(1 / c.inclusion_probability) for c in cases)
    event = AuditEvent.objects.get(action="sample_drawn")
    assert event.detail["plan"] == DOCUMENT
    assert SamplePlan.objects.get().drawn_at == NOON


def test_a_frame_that_changed_since_the_preview_is_not_drawn_from(wave, ada):
    planned(wave, ada)
    Frame.objects.update(fingerprint="1" * 64)

    with pytest.raises(DrawRefused, match="Preview the plan again"):
        draw(wave=wave, by=ada, at=NOON)

    assert Case.objects.count() == 0


def test_nothing_is_drawn_without_a_plan(wave, ada):
    with pytest.raises(DrawRefused, match="no sample plan"):
        draw(wave=wave, by=ada, at=NOON)


@pytest.mark.parametrize(
    ("document", "refusal"),
    [
        (DOCUMENT | {"colour": 1}, DesignErrors),
        (DOCUMENT | {"allocation": {"total": 61}}, AllocationRefused),
        (
            {
                "allocation": {"method": "bethel", "most": 30},
                "targets": [{"share": 0.1, "by": "industry", "cv": 0.01}],
                "seed": 1,
            },
            PrecisionRefused,
        ),
    ],
)
def test_a_plan_that_cannot_be_leaves_the_kept_one(wave, ada, document, refusal):
    planned(wave, ada)

    with pytest.raises(refusal):
        planned(wave, ada, document)

    assert SamplePlan.objects.get().document == DOCUMENT


def test_a_wave_keeps_as_many_firms_of_the_one_before_as_the_plan_says(survey, ada):
    frame = make_frame(survey)
    first = make_wave(survey, "a", frame=frame, field_start=NOON.date().replace(year=2024))
    one_stratum = {"strata": {"by": []}, "allocation": {"total": 20}, "seed": 4}
    planned(first, ada, one_stratum)
    before = {case.unit_id for case in draw(wave=first, by=ada, at=NOON)}
    second = make_wave(survey, "b", frame=frame)

    rotation = {"selection": {"rotation": {"wave": "a", "rotate": 0.5}}, "seed": 77}
    kept = planned(second, ada, one_stratum | rotation)
    after = {case.unit_id for case in draw(wave=second, by=ada, at=NOON)}

    assert 7 <= len(before & after) <= 13
    assert kept.preview["overlap"]["both"] == len(before & after)
    assert kept.preview["burden"]["drawn"]["1"] == len(before & after)


def test_a_rotation_against_a_wave_that_there_is_not_is_refused(wave, ada):
    rotation = {"rotation": {"wave": "nowhere", "rotate": 0.5}}

    with pytest.raises(DrawRefused, match="nowhere"):
        planned(wave, ada, DOCUMENT | {"selection": rotation})


def test_groups_keep_the_chance_of_their_first_stage(wave, ada):
    for n, unit in enumerate(wave.frame.units.order_by("register_id")):
        unit.group_id = f"G{n // 4}" if n % 2 else ""
        unit.save()

    groups = {"selection": {"groups": {"most": 1}}}
    planned(wave, ada, {"strata": {"by": []}, "allocation": {"total": 20}, "seed": 3} | groups)
    cases = draw(wave=wave, by=ada, at=NOON)

    in_groups = [case for case in cases if case.group_id]
    assert [case.first_stage_probability for case in cases] == pytest.approx([20 / 45] * 20)
    assert [case.design_weight for case in in_groups] == pytest.approx([4.5] * len(in_groups))
    assert in_groups


def test_commands_plan_and_draw_the_same_firms_as_json(wave, tmp_path, capsys):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    named = ["--survey", wave.survey.slug, "--wave", wave.slug]

    call_command("plan_sample", *named, str(path))
    told = json.loads(capsys.readouterr().out)
    call_command("draw_sample", *named, "--cases")
    drawn = json.loads(capsys.readouterr().out)

    assert told["drawn"] == drawn["cases"] == len(drawn["firms"]) == 20
    assert told["strata"] == drawn["strata"]
    assert set(drawn["firms"][0]) == {
        "register_id", "pseudonym", "stratum", "inclusion_probability", "design_weight",
    }  # fmt: skip


def test_a_command_tells_every_problem_of_a_plan(wave, tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text("seed: -1\ncolour: 1\nallocation: {total: 5}\n", encoding="utf-8")

    with pytest.raises(CommandError, match=r"(?s)unknown_key.*colour.*bad_number.*seed"):
        call_command(
            "draw_sample", "--survey", wave.survey.slug, "--wave", wave.slug, "--plan", str(path)
        )
    assert not SamplePlan.objects.exists()


def test_of_two_waves_that_start_on_one_day_the_one_made_first_is_earlier(wave, ada):
    planned(wave, ada)
    draw(wave=wave, by=ada, at=NOON)
    twin = make_wave(wave.survey, "twin", frame=wave.frame)
    planned(twin, ada)
    draw(wave=twin, by=ada, at=NOON)

    assert [each.slug for each in earlier_waves_drawn(twin)] == [wave.slug]
    assert list(earlier_draws(twin)) == [wave.slug]
    assert (earlier_waves_drawn(wave), earlier_draws(wave)) == ([], {})
