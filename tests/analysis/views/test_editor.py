"""What the plan editor asks while one writes, and what its buttons do without script."""

import pytest
from django.urls import reverse

from analysis.models import Codebook, Plan, PlanVersion
from analysis.refusals import Refusal
from analysis.views import examination
from surveys.models import Wave
from tests.analysis.answered import PLAN, make_plan_version
from tests.factories import make_wave

LADDER = """\
title: Size  # of the firm
estimator: logit
covariance: HC1
design: none
define:
  big: control.employment > 50
models:
  - name: First
    outcome: innovation.product[good]  # goods
    formula: ln_employment
  - name: Second
    outcome: product
    formula: ln_employment
    subpopulation: big = 1
"""


def place(wave: Wave, name: str, **more: str) -> str:
    names = {"survey": wave.survey.slug, "wave": wave.slug} | more
    return reverse(f"analysis:{name}", kwargs=names)


def checked(client, wave, source=LADDER, **more) -> dict:
    answer = client.post(place(wave, "check_plan"), {"source": source} | more)
    assert answer.status_code == 200
    return answer.json()


def lines(found) -> list[tuple[str, int | None]]:
    return [(each["code"], each["line"]) for each in found["problems"]]


def test_the_check_tells_models_with_their_numbers_and_what_fits_them(as_ada, answered):
    found = checked(as_ada, answered)
    first, second = found["models"]

    assert found["problems"] == []
    assert (first["in_subpopulation"], first["complete"]) == (40, 40)
    assert (second["in_subpopulation"], second["complete"]) == (33, 33)
    assert "logit" in first["estimators"]
    assert "poisson" not in first["estimators"]
    assert "model" in first["covariances"]
    assert found["own"] == [["big", "big", "binary"]]
    assert "1 not offered" not in found["controls"]
    assert "2 models can be set up on 40 responses" in found["checked"]


@pytest.mark.parametrize(
    ("changed", "code", "line"),
    [
        (("estimator: logit", "estimator: lgit"), "unknown_choice", 2),
        (("outcome: product\n", "outcome: produkt\n"), "unknown_term", 12),
        (
            ("subpopulation: big = 1", "subpopulation: control.employment > 270"),
            "subpopulation_too_small",
            11,
        ),
        (
            ("subpopulation: big = 1", "subpopulation: big = 1 and product = 1"),
            "outcome_constant",
            11,
        ),
        (
            ("formula: ln_employment\n    sub", "formula: __import__('os')\n    sub"),
            "unknown_function",
            13,
        ),
        (("title: Size", "title: [Size"), "not_yaml", 2),
    ],
)
def test_a_problem_is_told_at_its_line(as_ada, answered, changed, code, line):
    found = checked(as_ada, answered, LADDER.replace(*changed))

    assert (code, line) in lines(found)


def test_a_model_that_would_not_come_through_does_not_bar_the_others(as_ada, answered):
    found = checked(as_ada, answered, LADDER.replace("big = 1", "control.employment > 270"))

    assert [each["level"] for each in found["problems"]] == ["cautions"]
    assert "fewer than 10 firms" in found["checked"]
    assert found["models"][0]["complete"] == 40
    answer = as_ada.post(place(answered, "new_plan"), {"source": LADDER.replace("big = 1", "control.employment > 270"), "then": "run"})  # fmt: skip
    assert "/runs/" in answer.url


LONG = "title: x\nmodels:\n- name: a\n  outcome: product\n  formula: "


@pytest.mark.slow
@pytest.mark.parametrize(
    "source",
    [
        LONG + " + ".join(f"x{n}" for n in range(10_000)),
        LONG + "*".join(["(a + b)"] * 300),
        LONG + "eval('1')",
        "a: &a [x]\nb: [*a, *a, *a]",
        "title: " + "[" * 50_000,
        "title: x\n" + "a" * 190_000,
        "title: x\nmodels:\n" + "".join(f"- {{name: m{n}, outcome: product, formula: ln_employment}}\n" for n in range(2500)),
        LONG + "ln_employment\n" + "# comment\n" * 15_000,
        "\x00",
        "",
    ],
    ids=["terms", "products", "code", "bomb", "nested", "one-word", "models", "comments", "bytes", "empty"],
)  # fmt: skip
def test_hostile_text_gets_a_sentence_and_is_not_changed(as_ada, answered, source):
    answer = as_ada.post(
        place(answered, "check_plan"),
        {"source": source, "edit": "term:product"},
    )
    found = answer.json()

    assert answer.status_code == 200
    assert found["problems"] or found["said"]
    if found["source"] is not None:
        assert found["source"].replace(" + product", "") in (source, source + "\n")


def test_a_text_that_is_too_long_is_told_so(as_ada, answered):
    answer = as_ada.post(place(answered, "check_plan"), {"source": "a" * 200_001})

    assert answer.status_code == 422
    assert "200001 characters" in answer.json()["said"]


@pytest.mark.parametrize(
    ("posted", "old", "new"),
    [
        ({"edit": "outcome:process", "target": "models.0"}, "outcome: innovation.product[good]  # goods", "outcome: process  # goods"),
        ({"edit": "term:product", "target": "models.1"}, "formula: ln_employment\n    sub", "formula: ln_employment + product\n    sub"),
        ({"edit": "fields", "shown": "plan", "field-estimator": "probit", "was-estimator": "logit"}, "estimator: logit", "estimator: probit"),
        ({"edit": "fields", "shown": "models.1", "field-subpopulation": "", "was-subpopulation": "big = 1"}, "    subpopulation: big = 1\n", ""),
        ({"edit": "fields", "shown": "plan", "field-weights": "design", "was-weights": "none"}, "design: none", "design: {strata: none, clusters: none, population: none}"),
    ],
)  # fmt: skip
def test_a_button_writes_into_the_text_and_leaves_the_rest(as_ada, answered, posted, old, new):
    wanted = LADDER.replace(old, new, 1)

    assert wanted != LADDER
    assert checked(as_ada, answered, **posted)["source"] == wanted
    page = as_ada.post(place(answered, "new_plan"), {"source": LADDER} | posted)
    assert page.context["form"]["source"].value() == wanted
    assert not Plan.objects.exists()


def test_a_change_that_cannot_be_made_says_why_and_keeps_the_text(as_ada, answered):
    found = checked(as_ada, answered, edit="term:product", target="plan")

    assert found["refused"]
    assert found["source"] is None
    assert "Choose a model" in found["said"]


def test_buttons_of_the_page_work_without_script_and_keep_what_was_typed(as_ada, answered):
    make_plan_version(answered)
    typed = LADDER.replace("title: Size", "title: Typed")
    page = place(answered, "plan", plan="size")

    for posted in ({"then": "check"}, {"then": "trial"}, {"then": "find", "find": "employ"}, {"family": "controls"}):  # fmt: skip
        answer = as_ada.post(page, {"source": typed.replace("\n", "\r\n")} | posted)
        assert answer.status_code == 200
        assert answer.context["form"]["source"].value() == typed
    assert answer.context["codebook"].family == "controls"
    assert PlanVersion.objects.count() == 1


def test_a_dry_run_tells_how_each_model_fared_and_shows_no_estimate(as_ada, answered):
    page = as_ada.post(place(answered, "dry_run"), {"source": LADDER}).content.decode()

    assert "Dry run on 40 of 40 firms" in page
    assert "not a finding" in page
    assert page.count("<td>yes</td>") == 2
    assert "coefficient" not in page


def test_a_dry_run_of_what_is_no_plan_says_why(as_ada, answered):
    page = as_ada.post(place(answered, "dry_run"), {"source": "title: [1"}).content.decode()

    assert "The dry run could not begin" in page
    assert "Line" in page


def test_names_are_found_by_word_and_shown_with_how_firms_answered(as_ada, answered):
    answer = as_ada.get(place(answered, "codebook"), {"find": "new good"})
    page = answer.content.decode()

    names = [line["name"] for line in answer.context["codebook"].lines]
    assert names == ["product", "innovation.product[good]"]
    assert 'value="outcome:innovation.product[good]"' in page
    assert "n = 40" in page


def test_only_a_handful_of_names_is_drawn_at_once(as_ada, answered):
    line = as_ada.get(place(answered, "codebook")).context["codebook"].lines[0]
    line.pop("drawn")
    many = [{**line, "name": f"n{place}", "family": "networking"} for place in range(3_000)]
    Codebook.objects.update(lines=many)

    first = as_ada.get(place(answered, "codebook"), {"family": "networking"}).context["codebook"]
    last = as_ada.get(place(answered, "codebook"), {"family": "networking", "page": "100"})

    assert (len(first.lines), first.more) == (30, 2970)
    assert last.context["codebook"].lines[-1]["name"] == "n2999"
    assert as_ada.get(place(answered, "names")).json()["names"][2999][0] == "n2999"


def test_the_codebook_is_made_once_for_each_state_of_the_answers(as_ada, answered, monkeypatch):
    as_ada.get(place(answered, "codebook"))
    made = Codebook.objects.get().made_at
    as_ada.get(place(answered, "codebook"))

    assert Codebook.objects.get().made_at == made


@pytest.fixture
def large(answered, monkeypatch):
    """As though forty firms were many."""
    monkeypatch.setattr("analysis.actions.codebooks.QUICK_FIRMS", 10)
    monkeypatch.setattr("analysis.extracts._HELD", {})
    told = []
    monkeypatch.setattr(
        "config.workers.tell", lambda task, *about: told.append((task.name, *about))
    )
    return told


def test_the_answers_of_a_large_wave_are_not_read_to_open_its_editor(
    as_ada, answered, large, monkeypatch
):
    make_plan_version(answered)
    monkeypatch.setattr(examination, "dataset_of", None)
    monkeypatch.setattr("analysis.extracts.dataset", None)

    page = as_ada.get(place(answered, "plan", plan="size"))
    as_ada.get(place(answered, "plan", plan="size"))

    assert "press “Check”" in page.content.decode()
    assert "is being made" in page.content.decode()
    assert large == [("analysis.tasks.make_codebook", answered.pk)]


def test_a_worker_makes_the_codebook_of_a_large_wave(as_ada, answered, large):
    from analysis.tasks import make_codebook

    as_ada.get(place(answered, "codebook"))
    make_codebook(answered.pk)
    shown = as_ada.get(place(answered, "codebook")).context["codebook"]

    assert (shown.is_awaited, shown.firms) == (False, 40)
    assert Codebook.objects.get().asked_at is None


def test_check_reads_the_answers_of_a_large_wave_where_that_is_asked(as_ada, answered, large):
    assert checked(as_ada, answered, at_once="1")["models"] == []
    assert len(checked(as_ada, answered)["models"]) == 2


def test_once_there_is_a_codebook_a_plan_of_a_large_wave_is_checked_against_its_snapshot(
    as_ada, answered, large, monkeypatch
):
    from analysis.tasks import make_codebook

    make_codebook(answered.pk)
    monkeypatch.setattr("analysis.extracts.dataset", None)

    assert len(checked(as_ada, answered)["models"]) == 2


def test_a_storage_that_is_full_keeps_nobody_from_the_codebook(
    as_ada, answered, large, monkeypatch
):
    from analysis.tasks import make_codebook

    def full(name: str, write: object) -> int:
        raise Refusal("storage_full", "There is no room.", "Make room.")

    monkeypatch.setattr("analysis.actions.snapshot_files.publish", full)
    make_codebook(answered.pk)

    assert as_ada.get(place(answered, "codebook")).context["codebook"].firms == 40


@pytest.mark.parametrize("name", ["check_plan", "dry_run"])
def test_only_who_analyses_may_ask(client, answered, ben, eve, name):
    for user, status in ((ben, 403), (eve, 404)):
        client.force_login(user)
        assert client.post(place(answered, name), {"source": PLAN}).status_code == status
        assert client.get(place(answered, "codebook")).status_code == status
    client.logout()
    assert client.post(place(answered, name), {"source": PLAN}).status_code == 302


def test_nothing_of_the_editor_may_stay_in_a_cache(as_ada, answered):
    answer = as_ada.post(place(answered, "check_plan"), {"source": PLAN})

    assert "no-store" in answer["Cache-Control"]


def test_a_wave_without_responses_is_told_so(as_ada, answered):
    empty = make_wave(answered.survey, "2027")

    assert [each["code"] for each in checked(as_ada, empty)["problems"]] == ["no_responses"]
    assert "has no variables yet" in as_ada.get(place(empty, "codebook")).content.decode()
