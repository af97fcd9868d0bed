import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Count, F

from surveys.actions import demonstration, invitations
from surveys.models import Case, Frame, Membership, PageVersion, Response, Survey, User, Wave
from tests.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_demonstration_loads_whole_and_a_second_time_destroys_nothing(
    django_assert_max_num_queries,
):
    first = demonstration.load(at=NOON)
    User.objects.get(username="vera").delete()
    with django_assert_max_num_queries(25):
        second = demonstration.load(at=NOON)

    assert (first.is_new, second.is_new) == (True, False)
    assert first.case == second.case
    assert first.code != second.code
    assert invitations.admit(code=second.code, at=NOON) == second.case
    assert Survey.objects.count() == Frame.objects.count() == 1
    _closed_wave_is_whole(Wave.objects.get(slug="2023"))
    _open_wave_is_in_the_field(Wave.objects.get(slug="2025"))
    _responses_are_those_of_firms_that_answered_page_by_page()
    _people_can_log_in()


def _closed_wave_is_whole(wave):
    dispositions = dict(wave.cases.values_list("disposition").annotate(Count("pk")))
    answering = wave.cases.filter(response__submitted_at__isnull=False)
    by_stratum = answering.values("stratum").annotate(answered=Count("pk"))

    assert (wave.state, wave.made_data, wave.frame.units.count()) == ("closed", True, 12_000)
    assert (wave.cases.count(), dispositions["complete"], answering.count()) == (
        2_000,
        1_200,
        1_200,
    )
    assert set(dispositions) == {"complete", "partial", "refusal", "non_contact"}
    assert len(by_stratum) == wave.strata.count() == 36
    assert min(row["answered"] for row in by_stratum) >= 6
    assert sum(case.design_weight for case in wave.cases.all()) == pytest.approx(12_000)


def _open_wave_is_in_the_field(wave):
    submitted = Response.objects.filter(case__wave=wave, submitted_at__isnull=False)

    assert (wave.state, wave.made_data, wave.cases.count()) == ("open", True, 420)
    assert wave.field_start <= NOON.date() <= wave.field_end
    assert (submitted.count(), wave.cases.filter(disposition="started").count()) == (235, 24)
    assert not wave.cases.filter(invitations=None).exists()
    assert not Response.objects.filter(case__wave=wave, saved_at__gte=NOON).exists()


def _responses_are_those_of_firms_that_answered_page_by_page():
    for response in Response.objects.order_by("?")[:20]:
        versions = PageVersion.objects.filter(response=response).order_by("revision")
        written = {name: value for version in versions for name, value in version.answers.items()}

        assert response.answers == written
        assert response.revision == len(versions) == len(response.page_revisions)
    completes = Case.objects.filter(disposition="complete")
    assert not completes.exclude(disposition_at=F("response__submitted_at")).exists()


def _people_can_log_in():
    people = {user.username: user for user in User.objects.all()}

    assert set(people) == {"ada", "ben", "mara", "ines", "carl", "vera", "operator"}
    roles = Membership.objects.values_list("user__username", "role")
    assert dict(roles) == {
        "ada": "owner",
        "ben": "fieldwork_manager",
        "mara": "methodologist",
        "ines": "interviewer",
        "carl": "analyst",
        "vera": "viewer",
    }
    assert all(user.check_password(demonstration.PASSWORD) for user in people.values())
    assert [name for name, user in people.items() if user.is_superuser] == ["operator"]


def test_a_person_who_is_there_already_keeps_the_own_password():
    User.objects.create_user("ada", password="my own password")

    demonstration.load(at=NOON)

    assert User.objects.get(username="ada").check_password("my own password")


def test_the_command_prints_how_to_get_in(capsys, settings):
    settings.DEMO = True

    call_command("load_demo")

    printed = json.loads(capsys.readouterr().out)
    assert printed["firm"]["path"] == f"/answer/{printed['firm']['code']}/"
    assert [person["username"] for person in printed["people"]] == [
        "ada",
        "ben",
        "mara",
        "ines",
        "carl",
        "vera",
        "operator",
    ]


def test_a_known_password_is_not_brought_into_production(settings):
    settings.DEMO = settings.DEBUG = False

    with pytest.raises(CommandError, match="MILIEU_DEMO=1"):
        call_command("load_demo")

    assert not User.objects.exists()
