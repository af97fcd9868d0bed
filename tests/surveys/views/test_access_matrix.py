"""Every research URL for every person. A new URL without a row fails."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from surveys.models import Case, Invitation, Membership, Survey, User, Wave
from surveys.views.research_urls import urlpatterns
from tests.factories import make_member, make_survey, make_user
from tests.surveys.views.world import case_with_code, open_wave

EVERYONE, FIELD, RESEARCHER, ANALYSIS = "abc", "ab", "a", "ac"

# name: (method, who of ada, ben and cleo may, status for who may)
ROWS: dict[str, tuple[str, str, int]] = {
    "surveys": ("get", EVERYONE, 200),
    "survey": ("get", EVERYONE, 200),
    "import": ("get", RESEARCHER, 200),
    "import_problems": ("post", RESEARCHER, 400),
    "wave": ("get", EVERYONE, 200),
    "open_field": ("get", FIELD, 200),
    "close_field": ("get", FIELD, 200),
    "instrument": ("get", EVERYONE, 200),
    "codebook": ("get", EVERYONE, 200),
    "publish": ("get", RESEARCHER, 200),
    "frame": ("get", EVERYONE, 200),
    "sample": ("get", EVERYONE, 200),
    "contacts": ("get", EVERYONE, 200),
    "issue_all": ("post", FIELD, 302),
    "fieldwork": ("get", EVERYONE, 200),
    "case": ("get", FIELD, 200),
    "issue_code": ("post", FIELD, 200),
    "revoke_code": ("post", FIELD, 302),
    "disposition": ("post", FIELD, 422),
    "reopen": ("post", FIELD, 404),
    "data": ("get", EVERYONE, 200),
    "data_codebook": ("get", EVERYONE, 200),
    "extract": ("post", ANALYSIS, 200),
}
NAMES = [pattern.name for pattern in urlpatterns]
CHANGING = [name for name, (method, _, _) in ROWS.items() if method == "post"]


@pytest.fixture
def wave(survey: Survey) -> Wave:
    return open_wave(survey)


@pytest.fixture
def parts(wave: Wave) -> dict[str, object]:
    case, invitation = case_with_code(wave)
    return {
        "survey": wave.survey.slug,
        "wave": wave.slug,
        "case": case.public_id,
        "invitation": invitation.pk,
        "file_format": "csv",
    }


@pytest.fixture
def people(ada: User, ben: User, eve: User, survey: Survey) -> dict[str, User | AnonymousUser]:
    cleo = make_user("cleo")
    make_member(cleo, survey, Membership.Role.ANALYST)
    operator = make_user("operator", is_superuser=True)
    return {"anonymous": AnonymousUser(), "eve": eve, "a": ada, "b": ben, "c": cleo, "op": operator}


def address(name: str, parts: dict[str, object]) -> str:
    pattern = next(each for each in urlpatterns if each.name == name)
    wanted = pattern.pattern.converters
    return reverse(f"surveys:{name}", kwargs={key: parts[key] for key in wanted})


def status(name: str, parts: dict[str, object], person: User | AnonymousUser) -> int:
    client = Client()
    if isinstance(person, User):
        client.force_login(person)
    return getattr(client, ROWS[name][0])(address(name, parts)).status_code


def test_every_research_url_has_its_row() -> None:
    assert sorted(NAMES) == sorted(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_a_page_opens_for_who_may_and_for_nobody_else(name, parts, people) -> None:
    _, who, expected = ROWS[name]

    found = {label: status(name, parts, person) for label, person in people.items()}

    assert found == {
        "anonymous": 302,
        "eve": 200 if name == "surveys" else 404,
        **{label: expected if label in who else 403 for label in EVERYONE},
        "op": expected,
    }


def test_who_is_not_logged_in_is_sent_to_the_log_in_page(parts) -> None:
    response = Client().get(address("fieldwork", parts))

    assert response.url == "/login/?next=/research/knowledge/2025/fieldwork/"


@pytest.mark.parametrize("name", ["survey", "wave", "fieldwork", "case"])
def test_a_survey_that_is_not_there_looks_like_one_of_other_people(name, parts, eve: User) -> None:
    absent = status(name, parts | {"survey": "nowhere"}, eve)

    assert absent == status(name, parts, eve) == 404


def test_the_list_of_surveys_shows_nobody_the_surveys_of_others(client: Client, eve: User) -> None:
    client.force_login(eve)

    response = client.get("/research/")

    assert [survey.slug for survey in response.context["surveys"]] == ["other"]
    assert b"nowledge" not in response.content


@pytest.mark.parametrize("name", ["case", "issue_code", "revoke_code", "disposition", "reopen"])
def test_a_case_of_another_survey_is_not_found_under_ones_own(name, parts, ada: User) -> None:
    foreign = open_wave(make_survey("foreign"))
    case, invitation = case_with_code(foreign)
    swapped = parts | {"case": case.public_id, "invitation": invitation.pk}

    assert status(name, swapped, ada) == 404
    assert Invitation.objects.filter(case=case, revoked_at=None).count() == 1


def test_a_code_of_another_case_is_not_revoked(parts, wave: Wave, ada: User) -> None:
    _, invitation = case_with_code(wave, "F0002")

    assert status("revoke_code", parts | {"invitation": invitation.pk}, ada) == 404
    assert Invitation.objects.get(pk=invitation.pk).revoked_at is None


@pytest.mark.parametrize("name", CHANGING)
def test_what_changes_something_is_not_done_by_following_a_link(name, parts, ada: User) -> None:
    client = Client()
    client.force_login(ada)

    assert client.get(address(name, parts)).status_code == 405


@pytest.mark.parametrize("name", [name for name in ROWS if name not in CHANGING])
def test_a_page_stays_in_no_cache(name, parts, ada: User) -> None:
    client = Client()
    client.force_login(ada)

    assert "no-store" in client.get(address(name, parts))["Cache-Control"]


def test_an_analyst_sees_no_name_of_a_firm(parts, people) -> None:
    client = Client()
    client.force_login(people["c"])
    firm = Case.objects.get().firm_name

    pages = [address(name, parts) for name in ROWS if name not in CHANGING]
    seen = [page for page in pages if firm.encode() in client.get(page).content]

    assert seen == []
