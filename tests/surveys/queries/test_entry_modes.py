"""How answers came and who put them in, from what is kept of every saved page."""

from collections.abc import Callable

import pytest

from surveys.models import CaseEvent, Membership, PageVersion, Response, Survey, User
from surveys.queries.entry_modes import Entry, entry_of, with_entries
from tests.factories import NOON, make_case, make_response, make_stratum, make_wave


@pytest.fixture
def response(survey: Survey) -> Response:
    wave = make_wave(survey)
    return make_response(
        make_case(wave, make_stratum(wave), "F1"), {}, submitted_at=NOON, reference="R-1"
    )


@pytest.fixture
def saved(response: Response) -> Callable[..., None]:
    def save(by: User | None = None, mode: str = "web") -> None:
        revision = PageVersion.objects.count() + 1
        PageVersion.objects.create(
            response=response, page="size", revision=revision, answers={}, saved_at=NOON, by=by
        )
        Response.objects.update(mode=mode)

    return save


@pytest.fixture
def caller(survey: Survey) -> User:
    user = User.objects.create_user("cal")
    Membership.objects.create(user=user, survey=survey, role="interviewer")
    return user


def told(survey: Survey) -> Entry:
    return entry_of(with_entries(Response.objects.all(), survey).get())


def test_pages_of_the_firm_came_on_the_web(survey, saved) -> None:
    saved()

    assert told(survey) == Entry("web", "firm")


def test_a_response_without_pages_came_as_its_mode_says(survey, response) -> None:
    on_the_web = told(survey)
    Response.objects.update(mode="paper")

    assert on_the_web == Entry("web", "firm")
    assert told(survey) == Entry("paper", "office")


def test_a_sheet_of_the_firm_came_offline(survey, response, saved) -> None:
    saved()
    CaseEvent.objects.create(case=response.case, kind="section_uploaded", at=NOON)

    assert told(survey) == Entry("offline", "firm")


def test_an_interviewer_is_told_from_the_office(survey, saved, caller, ben: User) -> None:
    saved(caller, "phone")
    by_caller = told(survey)
    saved(ben, "phone")

    assert by_caller == Entry("phone", "interviewer")
    assert told(survey) == Entry("phone", "mixed")


def test_who_interviews_in_another_survey_is_of_the_office(survey, saved, ben: User) -> None:
    other = Survey.objects.create(slug="other", title="Other")
    Membership.objects.create(user=ben, survey=other, role="interviewer")

    saved(ben, "paper")

    assert told(survey) == Entry("paper", "office")


def test_what_the_firm_began_and_an_interviewer_ended_is_mixed(survey, saved, caller) -> None:
    saved()
    saved(caller, "phone")

    assert told(survey) == Entry("mixed", "mixed")


def test_pages_of_a_person_who_was_removed_are_not_the_firms(survey, saved, caller) -> None:
    saved(caller, "phone")
    caller.delete()

    assert told(survey) == Entry("phone", "office")
