"""Nothing of a run is shown or handed out before it is released, wherever it is asked for."""

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from analysis import actions
from analysis.disclosure.rules import WHY, DisclosurePolicy, Finding
from analysis.models import OutputCheck, OutputPolicy, Run
from surveys.models import Membership, User, Wave
from tests.factories import make_member, make_user

REVIEW = Finding("Size", "one_outcome", WHY["one_outcome"], "review")
# Pages that show no results: what each says instead is looked at by the tests of its own.
NO_RESULTS = {"progress", "withdraw", "again", "check"}
# Tables, figures and files are of what was estimated; these parts of addresses stand for one.
PARTS = {
    "ending": "csv", "key": "coefficients", "number": 1, "name": "table", "kind": "synthetic",
}  # fmt: skip


@pytest.fixture
def held(done: Run, ada: User) -> Run:
    """A finished run that waits for a second person."""
    actions.output_checks.keep_check(done, [REVIEW], DisclosurePolicy())
    return done


@pytest.fixture
def carl(answered: Wave) -> User:
    user = make_user("carl")
    make_member(user, answered.survey, Membership.Role.ANALYST)
    return user


@pytest.fixture
def as_carl(carl: User) -> Client:
    client = Client()
    client.force_login(carl)
    return client


@pytest.fixture
def as_vera(answered: Wave) -> Client:
    user = make_user("vera")
    make_member(user, answered.survey, Membership.Role.VIEWER)
    client = Client()
    client.force_login(user)
    return client


def patterns_of_runs() -> list[Any]:
    """Every address of the analysis that names a run."""
    found = get_resolver("analysis.urls").url_patterns
    return [each for each in found if "pk" in each.pattern.converters]


def address(pattern: Any, run: Run) -> str:
    parts = {
        name: PARTS.get(name, run.pk if name in ("pk", "other") else "x")
        for name in pattern.pattern.converters
    }
    return reverse(f"analysis:{pattern.name}", kwargs=parts)


def gate_of(pattern: Any) -> str:
    view = pattern.callback
    while view is not None:
        if hasattr(view, "gate"):
            return str(view.gate)
        view = getattr(view, "__wrapped__", None)
    return "none"


def numbers_of(run: Run) -> set[str]:
    """Numbers of the run as its table and its document have them."""
    terms = run.estimates["models"][0]["terms"]
    return {
        text
        for term in terms
        for value in (term["estimate"], term["std_error"])
        for text in (repr(value), f"{abs(value):.3g}")
        if sum(map(str.isdigit, text)) > 2
    }


def test_every_address_of_a_run_stands_behind_the_gate():
    patterns = patterns_of_runs()

    assert len(patterns) > 12
    gates = {each.name: gate_of(each) for each in patterns}
    assert {name for name, gate in gates.items() if gate == "none"} == set()
    assert {name for name, gate in gates.items() if gate == "watched"} == {"run"}
    # A page that is added here must show nothing of the results.
    assert {name for name, gate in gates.items() if gate == "no_results"} == NO_RESULTS


def test_before_it_is_released_no_address_tells_a_number(held, as_ada, as_carl, as_vera):
    secret = numbers_of(held)
    for pattern in patterns_of_runs():
        for client in (as_ada, as_carl, as_vera):
            answer = client.get(address(pattern, held))
            if pattern.name == "run" and client is not as_vera:
                continue
            body = answer.content.decode("utf-8", "replace")
            assert not any(number in body for number in secret), pattern.name
            assert not answer.has_header("Content-Disposition"), pattern.name
            if pattern.name not in NO_RESULTS:
                assert answer.status_code in (403, 405, 409), (pattern.name, answer.status_code)


def test_once_it_is_released_they_do(held, carl, as_vera):
    secret = numbers_of(held)
    actions.decide(run=held, decision="approved", by=carl, reason="Known.", at=held.finished_at)

    answer = as_vera.get(reverse("analysis:download", args=[held.pk, "csv"]))

    assert answer.status_code == 200
    assert any(number in answer.content.decode() for number in secret)


def test_who_may_only_read_tables_is_told_what_the_run_waits_for(held, as_vera):
    answer = as_vera.get(reverse("analysis:run", args=[held.pk]))

    assert answer.status_code == 403
    assert "second person" in answer.content.decode()


def test_who_analyses_sees_the_table_under_a_band_and_nothing_to_take_away(held, as_ada):
    page = as_ada.get(reverse("analysis:run", args=[held.pk])).content.decode()

    assert "Not released." in page
    assert any(number in page for number in numbers_of(held))
    assert "table.csv" not in page
    assert "estimates.json" not in page
    answer = as_ada.get(reverse("analysis:download", args=[held.pk, "csv"]))
    assert answer.status_code == 409


def test_a_run_from_before_there_were_checks_is_held_back(done, as_vera, as_ada):
    OutputCheck.objects.all().delete()

    assert as_vera.get(reverse("analysis:run", args=[done.pk])).status_code == 403
    page = as_ada.get(reverse("analysis:check", args=[done.pk])).content.decode()
    assert "Request it again" in page


def test_a_second_person_approves_with_a_reason(held, as_carl, as_ada):
    check = reverse("analysis:check", args=[held.pk])
    own = as_ada.get(check).content.decode()
    assert "somebody else decides" in own
    assert "one of the outcomes" in own
    assert 'value="approve"' not in own
    seen = as_carl.get(check).context["seen"]
    mine = {"do": "approve", "reason": "Mine.", "seen": seen}
    assert as_ada.post(check, mine).status_code == 409

    without = as_carl.post(check, {"do": "approve", "reason": "", "seen": seen})
    assert without.status_code == 409
    assert "has no reason" in without.content.decode()
    reason = "Known from <b>the law</b>."
    done = as_carl.post(check, {"do": "approve", "reason": reason, "seen": seen})

    assert done.status_code == 302
    page = as_ada.get(check).content.decode()
    assert "Released" in page
    assert "&lt;b&gt;the law" in page


def test_a_rejected_run_stays_held_back_and_says_so(held, as_carl, as_vera):
    check = reverse("analysis:check", args=[held.pk])
    seen = as_carl.get(check).context["seen"]
    as_carl.post(check, {"do": "reject", "reason": "Too close.", "seen": seen})

    page = as_vera.get(reverse("analysis:run", args=[held.pk]))

    assert page.status_code == 403
    assert "must not go out" in page.content.decode()
    assert "Too close" not in page.content.decode()


def test_what_was_found_after_a_person_looked_is_not_approved(held, as_carl):
    check = reverse("analysis:check", args=[held.pk])
    seen = as_carl.get(check).context["seen"]
    actions.output_checks.keep_check(held, [REVIEW, REVIEW], DisclosurePolicy())

    late = as_carl.post(check, {"do": "approve", "reason": "Known.", "seen": seen})

    assert late.status_code == 409
    assert "carried out anew" in late.content.decode()
    assert "Known." in late.content.decode()
    assert OutputCheck.objects.get(run=held).decision == "waiting"
    again = {"do": "approve", "reason": "Known.", "seen": late.context["seen"]}
    assert as_carl.post(check, again).status_code == 302


def test_neither_button_is_no_decision(held, as_carl):
    answer = as_carl.post(reverse("analysis:check", args=[held.pk]), {"reason": "x"})

    assert "Choose whether" in answer.content.decode()
    assert OutputCheck.objects.get(run=held).decision == "waiting"


def test_checks_that_wait_are_listed_for_who_may_decide_them(held, as_ada, as_carl, as_vera):
    survey = held.plan_version.plan.wave.survey
    listed = reverse("analysis:checks", args=[survey.slug])

    mine = as_carl.get(listed)
    assert [each.run_id for each in mine.context["mine"]] == [held.pk]
    own = as_ada.get(listed)
    assert own.context["mine"] == []
    assert [each.run_id for each in own.context["others"]] == [held.pk]
    assert as_vera.get(listed).status_code == 403
    plans = as_carl.get(reverse("analysis:plans", args=[survey.slug, "2025"])).content.decode()
    assert "wait for you" in plans


def test_nobody_learns_of_checks_and_rules_of_another_survey(held, eve):
    client = Client()
    client.force_login(eve)

    for name in ("checks", "output_rules"):
        address = reverse(f"analysis:{name}", args=["knowledge"])
        assert client.get(address).status_code == 404
        assert Client().get(address).status_code == 302


def test_an_owner_sets_the_rules_and_the_page_says_who_changed_what(as_ada, answered):
    rules = reverse("analysis:output_rules", args=["knowledge"])
    page = as_ada.get(rules)
    assert page.context["form"]["least_firms"].value() == "10"
    typed = {name: field.initial for name, field in page.context["form"].fields.items()}

    answer = as_ada.post(rules, typed | {"least_firms": "12", "second_person": "yes"})

    assert answer.status_code == 302
    assert OutputPolicy.objects.get().rules == {"least_firms": 12, "second_person": True}
    shown = as_ada.get(rules).content.decode()
    assert "least_firms: 10 → 12" in shown
    assert "ada" in shown


def test_an_old_page_takes_back_nothing_that_another_owner_changed(as_ada, answered):
    rules = reverse("analysis:output_rules", args=["knowledge"])
    page = as_ada.get(rules).context["form"]
    shown = {name: field.initial for name, field in page.fields.items()}
    old = shown | {page[name].html_initial_name: value for name, value in shown.items()}
    as_ada.post(rules, shown | {"least_firms": "15", "least_residual_df": "25"})

    other = as_ada.post(rules, old | {"second_person": "yes"})
    both = as_ada.post(rules, old | {"least_firms": "12"})

    assert other.status_code == 302
    assert both.status_code == 400
    assert "to 15 after you opened this page" in both.content.decode()
    policy = actions.policy_of_survey(answered.survey)
    assert (policy.least_firms, policy.least_residual_df, policy.second_person) == (15, 25, True)
    form = both.context["form"]
    meant = {name: form[name].value() for name in form.fields} | {
        form[name].html_initial_name: form.data[form[name].html_initial_name]
        for name in form.fields
    }
    assert as_ada.post(rules, meant).status_code == 302
    assert actions.policy_of_survey(answered.survey).least_firms == 12


def test_a_wave_may_be_stricter_on_the_page_and_never_looser(as_ada, answered):
    rules = reverse("analysis:output_rules", args=["knowledge"]) + "?wave=2025"
    typed = {
        name: field.initial for name, field in as_ada.get(rules).context["form"].fields.items()
    }

    looser = as_ada.post(rules, typed | {"least_firms": "5"})
    assert looser.status_code == 400
    assert "protect firms less" in looser.content.decode()
    assert as_ada.post(rules, typed | {"least_firms": "20"}).status_code == 302
    assert actions.policy_of(answered).least_firms == 20


def test_only_owners_set_rules(as_carl, as_vera, answered):
    rules = reverse("analysis:output_rules", args=["knowledge"])

    assert as_carl.get(rules).status_code == 403
    assert as_vera.post(rules, {"least_firms": "3"}).status_code == 403
    assert not OutputPolicy.objects.exists()


def test_what_cannot_be_read_is_told_and_kept_in_the_form(as_ada, answered):
    rules = reverse("analysis:output_rules", args=["knowledge"])

    answer = as_ada.post(rules, {"least_firms": "ten"})

    assert answer.status_code == 400
    assert "it must be a whole number" in answer.content.decode()
    assert 'value="ten"' in answer.content.decode()


def test_rules_for_a_wave_that_there_is_not_change_nothing_of_the_survey(as_ada, answered):
    rules = reverse("analysis:output_rules", args=["knowledge"]) + "?wave=2052"

    assert as_ada.get(rules).status_code == 404
    assert as_ada.post(rules, {"least_firms": "3"}).status_code == 404
    assert not OutputPolicy.objects.exists()
