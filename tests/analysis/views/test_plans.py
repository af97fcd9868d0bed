import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from analysis.constructs.catalogue import FAMILIES
from analysis.models import Plan, PlanVersion, Run
from analysis.specification.plan import read_plan
from surveys.models import Response, Wave
from tests.analysis.answered import PLAN, make_plan_version
from tests.factories import NOON, make_survey, make_wave

WRONG = PLAN.replace("estimator: logit", "estimator: lgit").replace("covariance: HC1", "covar: HC1")


def place(wave: Wave, name: str = "plans", **more: str) -> str:
    names = {"survey": wave.survey.slug, "wave": wave.slug} | more
    return reverse(f"analysis:{name}", kwargs=names)


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_without_plans_the_page_says_what_a_plan_is_and_leads_to_the_library(as_ada, answered):
    page = as_ada.get(place(answered)).content.decode()

    assert "No plan yet" in page
    assert f'href="{place(answered, "library")}"' in page
    assert f'href="{place(answered, "new_plan")}"' in page


def test_the_list_shows_each_plan_with_its_newest_version_and_run(as_ada, answered, waiting):
    page = as_ada.get(place(answered)).content.decode()

    assert "Size and new goods" in page
    assert waiting.get_absolute_url() in page
    assert "Waiting" in page
    assert "No plan yet" not in page


def names_found(client: Client, wave: Wave, word: str) -> list[dict]:
    answer = client.get(place(wave, "codebook"), {"find": word})
    return answer.context["codebook"].lines


def add_plans(wave: Wave, number: int) -> None:
    for _ in range(number):
        slug = f"plan-{Plan.objects.count()}"
        make_plan_version(wave, slug=slug)


def test_the_list_asks_the_database_as_often_for_three_plans_as_for_one(
    as_ada, answered, django_assert_num_queries
):
    add_plans(answered, 1)
    with django_assert_num_queries(9):
        as_ada.get(place(answered))
    add_plans(answered, 2)
    with django_assert_num_queries(9):
        as_ada.get(place(answered))


def test_a_shipped_plan_stands_in_the_editor_to_start_from(as_ada, answered):
    page = as_ada.get(place(answered, "new_plan") + "?from=local_national_global")

    assert "ladder:" in page.context["form"]["source"].value()


def test_the_outline_of_a_new_plan_names_what_the_core_questionnaire_measures(as_ada, answered):
    outline = as_ada.get(place(answered, "new_plan")).context["form"]["source"].value()

    named = read_plan(outline).specifications[0]
    measured = {entry.stem for family in FAMILIES.values() for entry in family}
    assert {named.outcome, *named.formula.variables} <= measured


def test_a_new_plan_gets_its_place_from_its_title_and_never_takes_that_of_another(as_ada, answered):
    for _ in range(2):
        as_ada.post(place(answered, "new_plan"), {"source": PLAN, "then": "save"})

    slugs = Plan.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["size-and-new-goods", "size-and-new-goods-2"]


def test_saving_makes_a_new_version_and_keeps_the_old_one(as_ada, answered, ada):
    make_plan_version(answered)
    changed = PLAN.replace("Size and new goods", "Size again")

    answer = as_ada.post(place(answered, "plan", plan="size"), {"source": changed, "then": "save"})

    versions = PlanVersion.objects.order_by("number").values_list("number", "source")
    assert list(versions) == [(1, PLAN), (2, changed)]
    assert PlanVersion.objects.get(number=2).written_by == ada
    assert answer.url == place(answered, "plan", plan="size")
    assert said(answer) == ["Saved as version 2."]


def test_line_ends_of_a_browser_become_plain_ones(as_ada, answered):
    as_ada.post(place(answered, "new_plan"), {"source": PLAN.replace("\n", "\r\n")})

    assert PlanVersion.objects.get().source == PLAN


def test_a_wrong_plan_is_not_saved_and_the_text_and_every_problem_are_shown(as_ada, answered):
    answer = as_ada.post(place(answered, "new_plan"), {"source": WRONG, "then": "save"})

    problems = [(problem.code, problem.line) for problem in answer.context["problems"]]
    assert answer.status_code == 422
    assert not Plan.objects.exists()
    assert answer.context["form"]["source"].value() == WRONG
    assert problems == [("unknown_key", 8), ("unknown_choice", 6)]
    assert "Your text is kept" in answer.content.decode()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "The plan is empty"),
        ("a" * 200_001, "more than 200000 characters"),
        ("title: \x00", "Null characters are not allowed"),
        ("title: [1", "cannot be read"),
        ("a: &a [*a]", "anchors and aliases are not allowed"),
        (PLAN.replace("ln_employment", "__import__(1)"), "__import__"),
    ],
)
def test_what_is_no_plan_at_all_gets_a_sentence_and_nothing_is_kept(
    as_ada, answered, source, words
):
    answer = as_ada.post(place(answered, "new_plan"), {"source": source})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Plan.objects.exists()


def test_an_older_version_can_be_read(as_ada, answered):
    make_plan_version(answered)
    make_plan_version(answered, PLAN + "# changed\n")

    answer = as_ada.get(place(answered, "plan", plan="size") + "?version=1")

    assert answer.context["form"]["source"].value() == PLAN
    assert "Text of version 1, not the newest" in answer.content.decode()


def test_a_version_or_plan_that_does_not_exist_is_not_found(as_ada, answered):
    make_plan_version(answered)

    addresses = [
        place(answered, "plan", plan="size") + "?version=7",
        place(answered, "plan", plan="size") + "?version=x",
        place(answered, "plan", plan="nothing"),
    ]
    assert [as_ada.get(address).status_code for address in addresses] == [404, 404, 404]


def test_the_checks_name_what_the_wave_does_not_have(as_ada, answered):
    make_plan_version(answered, PLAN.replace("ln_employment", "ln_employees"))

    answer = as_ada.get(place(answered, "plan", plan="size"))

    assert [problem.line for problem in answer.context["checks"]] == [7]
    assert "This wave cannot carry out the plan" in answer.content.decode()


def test_a_plan_that_the_wave_can_carry_out_is_said_to_be_in_order(as_ada, answered):
    make_plan_version(answered)

    page = as_ada.get(place(answered, "plan", plan="size")).content.decode()

    assert "every name is known, and 1 model can be set up on 40 responses" in page


def test_the_names_beside_the_editor_have_definitions_and_missing_numbers(as_ada, answered):
    make_plan_version(answered)

    answer = as_ada.get(place(answered, "plan", plan="size"))

    shown = answer.context["codebook"]
    families = {name: count for name, _, count, _ in shown.families}
    by_name = {line["name"]: line for line in names_found(as_ada, answered, "e")}
    assert by_name["ln_employment"]["definition"].startswith("Natural log of persons")
    assert by_name["control.employment"]["missing"] == 0
    assert by_name["innovation.product[good]"]["family"] == "answers_innovation"
    assert families["answers_innovation"] == 1
    assert by_name["control.employment"]["n"] == 40
    assert [line["family"] for line in shown.lines] == ["outcomes"]
    assert "<p>Range: 0 to 1.</p>" in answer.content.decode()


def test_a_wave_without_responses_says_so_instead_of_failing(as_ada, answered):
    empty = make_wave(answered.survey, "2027")
    make_plan_version(empty)

    answer = as_ada.get(place(empty, "plan", plan="size"))

    assert [problem.code for problem in answer.context["checks"]] == ["no_responses"]


def test_requesting_a_run_saves_the_text_and_leads_to_the_run(as_ada, answered, ada):
    answer = as_ada.post(place(answered, "new_plan"), {"source": PLAN, "then": "run"})

    run = Run.objects.get()
    assert answer.url == run.get_absolute_url()
    assert (run.state, run.requested_by) == ("requested", ada)
    assert said(answer) == []


def test_a_message_to_the_workers_goes_out_when_the_run_is_committed(
    as_ada, answered, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        as_ada.post(place(answered, "new_plan"), {"source": PLAN, "then": "run"})

    assert [callback.args for callback in callbacks] == [(Run.objects.get().pk,)]


def test_the_same_plan_on_the_same_data_finds_the_run_that_exists(as_ada, answered, done):
    answer = as_ada.post(place(answered, "plan", plan="size"), {"source": PLAN, "then": "run"})

    assert answer.url == done.get_absolute_url()
    assert Run.objects.count() == 1
    assert "Here is that run" in said(answer)[0]


def test_a_plan_that_the_wave_cannot_carry_out_is_saved_but_not_run(as_ada, answered):
    wrong = PLAN.replace("ln_employment", "ln_employees")

    answer = as_ada.post(place(answered, "new_plan"), {"source": wrong, "then": "run"})

    assert answer.url == place(answered, "plan", plan="size-and-new-goods")
    assert said(answer) == ["Saved as version 1. It was not run: the checks say why."]
    assert not Run.objects.exists()


def test_a_plan_of_another_wave_is_not_found_under_this_one(as_ada, answered):
    other = make_wave(make_survey("elsewhere"), "2025")
    make_plan_version(other, slug="secret")

    assert as_ada.get(place(answered, "plan", plan="secret")).status_code == 404


def test_a_title_is_shown_as_text(client: Client, as_ada, answered):
    make_plan_version(answered, PLAN.replace("Size and", "<script>alert(1)</script>"))

    page = as_ada.get(place(answered)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_names_follow_the_answers_as_they_come_in_and_are_taken_back(as_ada, answered):
    make_plan_version(answered)
    page = place(answered, "plan", plan="size")
    first = Response.objects.filter(case__wave=answered).first()

    counts = [as_ada.get(page).context["examined"].firms]
    Response.objects.filter(pk=first.pk).update(submitted_at=None)
    counts.append(as_ada.get(page).context["examined"].firms)
    Response.objects.filter(pk=first.pk).update(
        submitted_at=NOON, revision=2, answers={"new_good": "yes"}
    )
    examined = as_ada.get(page).context["examined"]
    counts.append(examined.firms)
    persons = names_found(as_ada, answered, "control.employment")[0]

    assert counts == [40, 39, 40]
    assert (persons["n"], persons["missing"]) == (39, 0.025)
