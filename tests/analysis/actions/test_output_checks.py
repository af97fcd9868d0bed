"""A run's results wait for a second person where the survey or a finding asks for one."""

from datetime import timedelta

import pytest

from analysis import actions, pipeline
from analysis.disclosure.rules import WHY, DisclosurePolicy, Finding
from analysis.models import OutputCheck, Run
from analysis.refusals import Refusal
from surveys.models import AuditEvent, Membership, User
from tests.analysis.answered import PLAN, make_answered_wave, make_plan_version
from tests.factories import NOON, make_member, make_user

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)
REVIEW = Finding("Size", "one_outcome", WHY["one_outcome"], "review")


@pytest.fixture
def run() -> Run:
    return finished(make_answered_wave())


@pytest.fixture
def ada(run: Run) -> User:
    return member(run, "ada")


@pytest.fixture
def carl(run: Run) -> User:
    return member(run, "carl", Membership.Role.ANALYST)


def member(run: Run, name: str, role: str = Membership.Role.OWNER) -> User:
    user = make_user(name)
    make_member(user, run.plan_version.plan.wave.survey, role)
    return user


def finished(wave, *, source=PLAN, slug="size", by=None, at=NOON) -> Run:
    run, _ = actions.request(plan_version=make_plan_version(wave, source, slug), by=by, at=at)
    assert actions.carry_out(run_id=run.pk)
    return Run.objects.get(pk=run.pk)


def asking_for_a_person(run: Run, by: User | None = None) -> Run:
    """As if a finding had been left to a person."""
    Run.objects.filter(pk=run.pk).update(requested_by=by)
    run = Run.objects.get(pk=run.pk)
    actions.output_checks.keep_check(run, [REVIEW], DisclosurePolicy())
    return run


def test_results_of_many_firms_are_released_as_the_run_ends(run: Run) -> None:
    check = OutputCheck.objects.get(run=run)

    assert actions.is_released(run)
    assert (check.findings, check.decision, check.needs_second_person) == ([], "waiting", False)
    assert check.policy == DisclosurePolicy().to_document()


def test_where_the_survey_demands_it_results_wait(run: Run, ada: User, carl: User) -> None:
    survey = run.plan_version.plan.wave.survey
    actions.set_output_policy(survey=survey, rules={"second_person": True}, by=ada, at=NOON)

    again = finished(run.plan_version.plan.wave, by=ada, slug="again")

    assert again.fingerprint != run.fingerprint
    assert not actions.is_released(again)
    assert actions.is_released(run)
    assert [each.run_id for each in actions.waiting_for(carl, survey)] == [again.pk]
    assert actions.waiting_for(ada, survey) == []
    actions.decide(run=again, decision="approved", by=carl, at=LATER)
    assert actions.is_released(again)
    assert actions.waiting_for(carl, survey) == []


def test_who_asked_for_the_run_or_wrote_its_plan_cannot_decide(
    run: Run, ada: User, carl: User
) -> None:
    run = asking_for_a_person(run, by=ada)
    run.plan_version.written_by = carl
    run.plan_version.save()

    for author in (ada, carl):
        with pytest.raises(Refusal) as refused:
            actions.decide(run=run, decision="approved", by=author, reason="Fine.", at=LATER)
        assert refused.value.code == "own_output"
    assert not actions.is_released(run)


def test_what_is_left_to_a_person_needs_a_reason(run: Run, ada: User, carl: User) -> None:
    run = asking_for_a_person(run, by=ada)

    with pytest.raises(Refusal) as refused:
        actions.decide(run=run, decision="approved", by=carl, reason=" ", at=LATER)
    assert refused.value.code == "no_reason"
    actions.decide(run=run, decision="approved", by=carl, reason="Known.", at=LATER)

    check = OutputCheck.objects.get(run=run)
    assert (check.decided_by, check.reason, check.released_at) == (carl, "Known.", LATER)


def test_a_released_run_can_be_held_back_again(run: Run, carl: User) -> None:
    actions.decide(run=run, decision="rejected", by=carl, reason="A slip.", at=LATER)

    assert not actions.is_released(run)


def test_roles_that_do_not_see_results_before_do_not_decide(run: Run, ada: User) -> None:
    run = asking_for_a_person(run, by=ada)
    for role in (Membership.Role.VIEWER, Membership.Role.METHODOLOGIST):
        with pytest.raises(Refusal) as refused:
            actions.decide(
                run=run, decision="approved", by=member(run, role, role), reason="x", at=LATER
            )
        assert refused.value.code == "not_yours_to_decide"


def test_a_run_made_before_there_were_checks_is_not_released(run: Run, carl: User) -> None:
    OutputCheck.objects.all().delete()

    assert not actions.is_released(run)
    with pytest.raises(Refusal) as refused:
        actions.decide(run=run, decision="approved", by=carl, at=LATER)
    assert refused.value.code == "not_checked"


def test_decisions_and_rules_are_in_the_record_of_the_survey(run: Run, carl: User) -> None:
    survey = run.plan_version.plan.wave.survey
    actions.set_output_policy(survey=survey, rules={"least_firms": 12}, by=carl, at=NOON)
    actions.decide(run=run, decision="rejected", by=carl, reason="No.", at=LATER)

    told = {each.action: each.detail for each in AuditEvent.objects.filter(survey=survey)}
    assert told["set_output_policy"] == {"wave": "", "from": {}, "to": {"least_firms": 12}}
    assert told["decide_output"] == {"run": str(run.pk), "decision": "rejected"}


def test_the_rules_of_the_survey_are_part_of_what_a_run_is(run: Run) -> None:
    wave = run.plan_version.plan.wave
    same, is_new = actions.request(plan_version=run.plan_version, by=None, at=LATER)
    assert (same.pk, is_new) == (run.pk, False)

    actions.set_output_policy(survey=wave.survey, rules={"least_firms": 11}, by=None, at=NOON)
    other, is_new = actions.request(plan_version=run.plan_version, by=None, at=LATER)

    assert is_new
    assert other.fingerprint != run.fingerprint
    assert other.output_rules["policy"]["least_firms"] == 11


def test_rules_that_change_before_a_run_starts_end_it_with_that_reason(run: Run) -> None:
    wave = run.plan_version.plan.wave
    actions.set_output_policy(survey=wave.survey, rules={"least_firms": 11}, by=None, at=NOON)
    other, _ = actions.request(plan_version=run.plan_version, by=None, at=LATER)
    actions.set_output_policy(survey=wave.survey, rules={"least_firms": 12}, by=None, at=NOON)

    assert actions.carry_out(run_id=other.pk)

    other.refresh_from_db()
    assert (other.state, other.failure["code"]) == (Run.State.FAILED, "rules_changed")
    assert not OutputCheck.objects.filter(run=other).exists()


def test_a_wave_is_stricter_than_its_survey_and_never_looser(run: Run) -> None:
    wave = run.plan_version.plan.wave

    with pytest.raises(Refusal) as refused:
        actions.set_output_policy(
            survey=wave.survey, wave=wave, rules={"least_firms": 5}, by=None, at=NOON
        )
    assert refused.value.code == "policy_loosened"
    actions.set_output_policy(
        survey=wave.survey, wave=wave, rules={"least_firms": 15}, by=None, at=NOON
    )
    assert actions.policy_of(wave).least_firms == 15
    assert actions.policy_of_survey(wave.survey).least_firms == 10
    # The survey becomes stricter than its wave: the stricter rule holds.
    actions.set_output_policy(survey=wave.survey, rules={"least_firms": 20}, by=None, at=NOON)
    assert actions.policy_of(wave).least_firms == 20


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({"least_firms": 2}, "policy_unusable"),
        ({"least": 3}, "unknown_rule"),
        ({"dominance": [[1, 80.0]], "p_percent": None}, "policy_unusable"),
    ],
)
def test_rules_that_protect_nobody_are_refused(run: Run, rules, code) -> None:
    with pytest.raises(Refusal) as refused:
        actions.set_output_policy(
            survey=run.plan_version.plan.wave.survey, rules=rules, by=None, at=NOON
        )

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("least_firms", "12", 12),
        ("p_percent", "none", None),
        ("p_percent", "10", 10.0),
        ("dominance", "2:85, 3:90", [[2, 85.0], [3, 90.0]]),
        ("judged_on", "sample", ["sample"]),
        ("second_person", "Yes", True),
        ("zeros_are_safe", "no", False),
        ("most_fit", "0.9", 0.9),
    ],
)
def test_rules_are_read_as_people_type_them(name, text, value) -> None:
    assert actions.read_rule(name, text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("least_firms", "ten"),
        ("dominance", "85"),
        ("second_person", "perhaps"),
        ("most_fit", "x"),
        ("most_fit", "nan"),
        ("most_leverage", "2"),
    ],
)
def test_what_cannot_be_read_is_told_by_name(name, text) -> None:
    with pytest.raises(Refusal, match=name):
        actions.read_rule(name, text)


def test_firms_of_one_enterprise_group_count_as_one(run: Run) -> None:
    wave = run.plan_version.plan.wave
    wave.cases.update(group_id="G1")

    other, is_new = actions.request(plan_version=run.plan_version, by=None, at=LATER)
    assert is_new
    assert actions.carry_out(run_id=other.pk)

    other.refresh_from_db()
    assert (other.state, other.failure["code"]) == (Run.State.FAILED, "few_firms")
    assert not any(character.isdigit() for character in other.failure["message"])


BOTH = """
title: {name}
design: {{weights: none, strata: none, clusters: none, population: none}}
descriptives:
  - {{statistic: mean, outcome: 'innovation.product[good]', subpopulation: {who}, name: {name}}}
"""


def test_a_table_that_went_out_keeps_one_from_going_out_that_differs_by_few_firms(
    run: Run,
) -> None:
    """Employment is 5 + 7 i: three of forty firms have more than 250."""
    wave = run.plan_version.plan.wave
    everybody = BOTH.format(name="All", who="control.employment > 0")
    small = BOTH.format(name="Small", who="control.employment < 250")
    finished(wave, source=everybody, slug="all")

    later = finished(
        wave, source=small, slug="small", at=OutputCheck.objects.last().released_at + timedelta(1)
    )

    (term,) = later.estimates["descriptives"][0]["terms"]
    assert term["estimate"] is None
    assert {each["rule"] for each in OutputCheck.objects.get(run=later).findings} == {"difference"}


def test_a_wave_can_be_changed_after_its_survey_has_become_stricter(run: Run) -> None:
    wave = run.plan_version.plan.wave
    for of, rules in ((wave, {"least_firms": 12}), (None, {"least_firms": 20})):
        actions.set_output_policy(survey=wave.survey, wave=of, rules=rules, by=None, at=NOON)

    actions.set_output_policy(
        survey=wave.survey, wave=wave, rules={"least_beyond": 15}, by=None, at=NOON
    )

    policy = actions.policy_of(wave)
    assert (policy.least_firms, policy.least_beyond) == (20, 15)


def two_that_differ_by_few(run: Run) -> list[Run]:
    """Asked for at the same moment."""
    wave = run.plan_version.plan.wave
    asked = (("all", "control.employment > 0"), ("small", "control.employment < 250"))
    return [
        actions.request(
            plan_version=make_plan_version(wave, BOTH.format(name=slug, who=who), slug),
            by=None,
            at=NOON,
        )[0]
        for slug, who in asked
    ]


def test_of_two_runs_asked_for_at_once_the_second_knows_the_first(run: Run) -> None:
    first, second = two_that_differ_by_few(run)

    assert actions.carry_out(run_id=first.pk)
    assert actions.carry_out(run_id=second.pk)

    assert OutputCheck.objects.get(run=first).findings == []
    assert {each["rule"] for each in OutputCheck.objects.get(run=second).findings} == {"difference"}


def test_a_run_during_which_another_went_out_waits_for_a_person(run: Run) -> None:
    first, second = two_that_differ_by_few(run)

    def meanwhile(*given, **more):
        assert actions.carry_out(run_id=first.pk)
        return pipeline.run(*given, **more)

    assert actions.carry_out(run_id=second.pk, estimate=meanwhile)

    assert actions.is_released(first)
    assert not actions.is_released(second)
    assert [each["rule"] for each in OutputCheck.objects.get(run=second).findings] == ["meanwhile"]

    again, is_new = actions.request(plan_version=second.plan_version, by=None, at=LATER)
    assert (again, is_new) == (second, True)
    assert actions.carry_out(run_id=again.pk)
    assert [each["rule"] for each in OutputCheck.objects.get(run=again).findings] == ["difference"]


def test_a_run_of_something_else_is_not_held_up(run: Run) -> None:
    first, _ = two_that_differ_by_few(run)
    source = PLAN.replace("Size and new goods", "Other")
    version = make_plan_version(run.plan_version.plan.wave, source, "other")
    second, _ = actions.request(plan_version=version, by=None, at=NOON)

    def meanwhile(*given, **more):
        assert actions.carry_out(run_id=first.pk)
        return pipeline.run(*given, **more)

    assert actions.carry_out(run_id=second.pk, estimate=meanwhile)
    assert actions.is_released(second)
