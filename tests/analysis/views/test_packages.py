import io
import zipfile

import pytest
from django.urls import reverse

from analysis import actions
from analysis.models import OutputCheck, PackageRule
from surveys.models import AuditEvent, Membership
from tests.factories import NOON, make_member, make_user


def page(client, run):
    return client.get(reverse("analysis:package", args=[run.pk]))


def take(client, run, data="synthetic"):
    return client.post(reverse("analysis:package", args=[run.pk]), {"data": data})


def names_in(answer):
    return zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


def test_the_table_leads_to_the_package_and_the_package_is_a_zip_that_no_cache_keeps(as_ada, done):
    there = reverse("analysis:package", args=[done.pk])
    assert there in as_ada.get(done.get_absolute_url()).content.decode()

    answer = take(as_ada, done)

    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].endswith('-synthetic.zip"')
    assert any(name.endswith("/replicate.R") for name in names_in(answer))


def test_a_survey_that_said_nothing_lets_synthetic_firms_alone_go_out(as_ada, done):
    assert "Answers of the firms" not in page(as_ada, done).content.decode().split("<aside")[0]

    answer = take(as_ada, done, "pseudonymised")

    assert answer.status_code == 409
    assert "not “pseudonymised”" in answer.content.decode()


def test_the_rule_of_the_survey_lets_answers_go_out_or_nothing_at_all(as_ada, ada, done):
    survey = done.plan_version.plan.wave.survey
    actions.set_package_rule(survey=survey, data="pseudonymised", by=ada, at=NOON)
    assert take(as_ada, done, "pseudonymised").status_code == 200

    actions.set_package_rule(survey=survey, data="none", by=ada, at=NOON)

    assert "No package" in page(as_ada, done).content.decode()
    assert take(as_ada, done).status_code == 409
    assert PackageRule.objects.count() == 2


def test_each_download_is_noted_with_who_took_which_data(as_ada, ada, done):
    take(as_ada, done)

    noted = AuditEvent.objects.get(action="package_downloaded")
    assert noted.user == ada
    assert noted.detail["data"] == "synthetic"
    assert noted.detail["run"] == str(done.pk)


def test_nothing_goes_out_of_a_run_that_is_not_released(as_ada, done):
    OutputCheck.objects.filter(run=done).update(released_at=None)

    assert page(as_ada, done).status_code == 409
    assert take(as_ada, done).status_code == 409
    assert not AuditEvent.objects.filter(action="package_downloaded").exists()


@pytest.mark.parametrize("role", [Membership.Role.FIELDWORK_MANAGER, Membership.Role.VIEWER])
def test_who_does_not_analyse_gets_no_data(client, done, role):
    person = make_user("fay")
    make_member(person, done.plan_version.plan.wave.survey, role)
    client.force_login(person)

    assert page(client, done).status_code == 403
    assert take(client, done).status_code == 403


def test_whoever_is_of_another_survey_finds_nothing(client, eve, done):
    client.force_login(eve)
    assert take(client, done).status_code == 404


def test_only_who_sets_rules_for_output_sets_the_rule_for_packages(client, as_ada, done):
    there = reverse("analysis:package_rule", args=[done.pk])
    owner = make_user("olga")
    make_member(owner, done.plan_version.plan.wave.survey, Membership.Role.OWNER)
    client.force_login(owner)

    assert client.post(there, {"data": "pseudonymised"}).status_code == 302
    assert actions.package_rule(done.plan_version.plan.wave.survey) == "pseudonymised"
    assert client.post(there, {"data": "everything"}).status_code == 409
    assert AuditEvent.objects.filter(action="set_package_rule").count() == 1
