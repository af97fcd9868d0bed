import pytest
from django.test import Client
from django.urls import reverse

from analysis.models import Run
from surveys.models import User, Wave
from tests.factories import make_member, make_user

WAVE_PAGES = [
    ("plans", {}),
    ("new_plan", {}),
    ("plan", {"plan": "size"}),
    ("registrations", {}),
]
RUN_PAGES = [
    ("run", {}),
    ("progress", {}),
    ("plot", {}),
    ("estimates", {}),
    ("download", {"ending": "csv"}),
    ("reading", {}),
    ("layout", {}),
    ("figures", {}),
    ("specifications", {}),
    ("compare_with", {}),
    ("provenance", {}),
    ("provenance_json", {}),
]
CHANGES = ["withdraw", "again"]


def addresses(wave: Wave, run: Run) -> list[str]:
    place = {"survey": wave.survey.slug, "wave": wave.slug}
    pages = [reverse(f"analysis:{name}", kwargs=place | more) for name, more in WAVE_PAGES]
    runs = [reverse(f"analysis:{name}", kwargs={"pk": run.pk} | more) for name, more in RUN_PAGES]
    return pages + runs


def test_a_person_of_another_survey_finds_none_of_the_pages(
    client: Client, eve: User, answered: Wave, done: Run
):
    client.force_login(eve)

    found = {address: client.get(address).status_code for address in addresses(answered, done)}

    assert set(found.values()) == {404}


def test_a_fieldwork_manager_is_told_that_the_role_does_not_cover_analysis(
    client: Client, ben: User, answered: Wave, done: Run
):
    client.force_login(ben)

    answers = [client.get(address) for address in addresses(answered, done)]

    assert {answer.status_code for answer in answers} == {403}
    assert "does not cover analysis" in answers[0].content.decode()


READERS = ["methodologist", "viewer"]


@pytest.fixture
def reader(answered: Wave, request: pytest.FixtureRequest) -> User:
    person = make_user("vera")
    make_member(person, answered.survey, request.param)
    return person


@pytest.mark.parametrize("reader", READERS, indirect=True)
def test_a_reader_finds_the_tables_and_no_way_to_answers_or_plans(
    client: Client, reader: User, answered: Wave, done: Run
):
    client.force_login(reader)

    found = {address: client.get(address).status_code for address in addresses(answered, done)}

    # The editor shows what the variables hold. This run has no term of a scale to plot
    # and no curve.
    names = [name for name, _ in WAVE_PAGES + RUN_PAGES]
    assert dict(zip(names, found.values(), strict=True)) == {
        "plans": 200, "new_plan": 403, "plan": 403, "registrations": 200,
        "run": 200, "progress": 403, "plot": 404, "estimates": 200, "download": 200,
        "reading": 200, "layout": 200, "figures": 200,
        "specifications": 404, "compare_with": 200, "provenance": 200, "provenance_json": 200,
    }  # fmt: skip
    plan = reverse("analysis:plan", args=[answered.survey.slug, answered.slug, "size"])
    for name in ("plans", "run"):
        page = client.get(list(found)[names.index(name)]).content.decode()
        assert plan not in page
        assert "new/" not in page


@pytest.mark.parametrize("reader", READERS, indirect=True)
def test_a_reader_waits_for_the_table_without_seeing_the_run(
    client: Client, reader: User, waiting: Run
):
    client.force_login(reader)

    codes = [client.get(f"/runs/{waiting.pk}/").status_code] + [
        client.post(reverse(f"analysis:{name}", args=[waiting.pk])).status_code for name in CHANGES
    ]

    waiting.refresh_from_db()
    assert (codes, waiting.state) == ([403, 403, 403], "requested")


def test_an_interviewer_reads_no_table(client: Client, answered: Wave, done: Run):
    ines = make_user("ines")
    make_member(ines, answered.survey, "interviewer")
    client.force_login(ines)

    assert {client.get(address).status_code for address in addresses(answered, done)} == {403}


def test_who_is_not_logged_in_is_sent_to_the_log_in_page(client: Client, answered: Wave, done: Run):
    for address in addresses(answered, done):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("login"))


@pytest.mark.parametrize("name", CHANGES)
def test_nobody_else_can_change_a_run(client: Client, eve: User, waiting: Run, name: str):
    client.force_login(eve)

    answer = client.post(reverse(f"analysis:{name}", args=[waiting.pk]))

    waiting.refresh_from_db()
    assert (answer.status_code, waiting.state) == (404, "requested")


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_by_post_only(as_ada: Client, waiting: Run, name: str):
    answer = as_ada.get(reverse(f"analysis:{name}", args=[waiting.pk]))

    waiting.refresh_from_db()
    assert (answer.status_code, waiting.state) == (405, "requested")


def test_nothing_of_the_pages_may_stay_in_a_cache(as_ada: Client, answered: Wave, done: Run):
    for address in addresses(answered, done):
        answer = as_ada.get(address)
        if answer.status_code == 200:
            assert "no-store" in answer["Cache-Control"]


def test_the_operator_reads_runs_but_changes_none(client: Client, waiting: Run):
    client.force_login(User.objects.create_superuser("operator", password="a long password"))
    page = f"/operator/analysis/run/{waiting.pk}/change/"

    shown = client.get(page).content.decode()
    changed = client.post(page, {"state": "done"})

    waiting.refresh_from_db()
    assert waiting.fingerprint in shown
    assert (changed.status_code, waiting.state) == (403, "requested")
