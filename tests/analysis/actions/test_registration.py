"""Freezing a version of a plan before its wave closes."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from analysis import actions
from analysis.comparison.certificate import checked
from analysis.models import Registration
from analysis.refusals import Refusal
from surveys.models import User, Wave
from tests.analysis.answered import PLAN, make_answered_wave, make_plan_version
from tests.factories import NOON, make_user


@pytest.fixture
def wave(db: None) -> Wave:
    wave = make_answered_wave()
    Wave.objects.filter(pk=wave.pk).update(state=Wave.State.OPEN)
    wave.refresh_from_db()
    return wave


@pytest.fixture
def ada(wave: Wave) -> User:
    return make_user("ada")


def test_a_registration_tells_when_by_whom_and_how_far_the_wave_was(wave: Wave, ada: User):
    version = make_plan_version(wave)
    actions.request(plan_version=version, by=ada, at=NOON)
    before = timezone.now()

    found, is_new = actions.register(plan_version=version, by=ada)

    assert is_new
    assert abs(found.registered_at - before) < timedelta(minutes=5)
    for line in (
        "Registration: 1\n",
        "Takes the place of: none\n",
        "State of the wave then: open\n",
        "Firms that had handed in: 40\n",
        "Runs on data of the wave before: 1\n",
        f"SHA-256 of the plan's text: {hashlib.sha256(PLAN.encode()).hexdigest()}\n",
    ):
        assert line in found.certificate
    assert "(ada)" in found.certificate
    assert found.certificate.endswith(PLAN)


def test_the_hash_of_the_certificate_can_be_worked_out_by_hand(wave: Wave, ada: User):
    found, _ = actions.register(plan_version=make_plan_version(wave), by=ada)
    content = found.certificate.encode()

    assert hashlib.sha256(content).hexdigest() == found.fingerprint
    assert checked(content).text_is_intact is True
    assert (
        checked(content.replace(b"formula: ln_employment", b"formula: 1")).text_is_intact is False
    )
    assert checked(b"something else").is_certificate is False


def test_a_version_is_registered_once(wave: Wave, ada: User):
    version = make_plan_version(wave)
    first, _ = actions.register(plan_version=version, by=ada)

    again, is_new = actions.register(plan_version=version, by=None)

    assert (again.pk, is_new) == (first.pk, False)


def test_a_later_version_takes_the_place_and_both_stay(wave: Wave, ada: User):
    first, _ = actions.register(plan_version=make_plan_version(wave), by=ada)
    later = make_plan_version(wave, PLAN + "about: More.\n")

    second, _ = actions.register(plan_version=later, by=ada)

    assert (second.number, second.supersedes) == (2, first)
    assert f"Takes the place of: registration 1, {first.fingerprint}\n" in second.certificate
    assert Registration.objects.count() == 2


def test_a_closed_wave_takes_no_registration(wave: Wave, ada: User):
    version = make_plan_version(wave)
    Wave.objects.filter(pk=wave.pk).update(state=Wave.State.CLOSED)

    with pytest.raises(Refusal) as refused:
        actions.register(plan_version=version, by=ada)

    assert refused.value.code == "wave_closed"
    assert "not registered before closing" in refused.value.remedy
    assert not Registration.objects.exists()


def test_imported_data_were_there_before_any_plan(wave: Wave, ada: User):
    version = make_plan_version(wave)
    Wave.objects.filter(pk=wave.pk).update(origin=Wave.Origin.IMPORTED)

    with pytest.raises(Refusal) as refused:
        actions.register(plan_version=version, by=ada)

    assert refused.value.code == "imported_wave"


def test_the_database_takes_no_second_registration_of_a_number(wave: Wave, ada: User):
    first, _ = actions.register(plan_version=make_plan_version(wave), by=ada)
    other = make_plan_version(wave, PLAN + "about: More.\n")

    with pytest.raises(IntegrityError):
        Registration.objects.create(
            plan=first.plan, plan_version=other, number=1, registered_at=NOON, facts={},
            certificate="", fingerprint="0" * 64,
        )  # fmt: skip


def test_a_title_cannot_pass_for_a_line_of_the_certificate(wave: Wave, ada: User):
    title = PLAN.replace("title: Size and new goods", 'title: "x\\nFirms that had handed in: 0"')

    found, _ = actions.register(plan_version=make_plan_version(wave, title), by=ada)

    assert "\nFirms that had handed in: 0\n" not in found.certificate
