"""The page of the fieldwork and the list of cases, as each role sees them."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.actions import responses, snapshots
from surveys.models import Case, FieldworkSnapshot, Membership, Wave
from tests.factories import (
    NOON,
    make_case,
    make_frame,
    make_member,
    make_stratum,
    make_unit,
    make_user,
)
from tests.surveys.views.world import open_wave

WAVE = "/research/knowledge/2025/"


@pytest.fixture
def wave(survey) -> Wave:
    """12 firms: four large ones of which three answered, eight small ones of which two did."""
    wave = open_wave(survey)
    Wave.objects.update(frame=make_frame(survey, attributes=["exporter"]))
    wave.refresh_from_db()
    stratum = make_stratum(wave)
    for number in range(12):
        size = "250+" if number < 4 else "10-49"
        unit = make_unit(
            wave.frame, f"R-{number}", size_class=size, region="NO" if number % 2 else "SE",
            attributes={"exporter": "yes" if number < 6 else "no"},
        )  # fmt: skip
        case = make_case(wave, stratum, f"F{number}", unit=unit)
        if number in (0, 1, 2, 4, 5):
            answers = {"employment_last": 12, "comment": None}
            responses.save_page(case=case, page="size", answers=answers, built_on=0, at=NOON)
            later = NOON + timedelta(minutes=9 + number)
            responses.submit(case=case, at=later)
    return wave


def test_rates_by_size_class_stand_beside_those_of_all(wave, client, ada) -> None:
    client.force_login(ada)

    shown = client.get(f"{WAVE}fieldwork/").context["monitor"]

    assert [(each.label, each.cases, each.complete) for each in shown.groups] == [
        ("10-49", 8, 2), ("250+", 4, 3),
    ]  # fmt: skip
    assert shown.groups[1].rates["RR1"].plain == 0.75
    assert shown.rate("RR1").plain == pytest.approx(5 / 12)


def test_an_attribute_of_the_frame_tells_groups_apart(wave, client, ada) -> None:
    client.force_login(ada)

    shown = client.get(f"{WAVE}fieldwork/", {"by": "x-exporter"}).context["monitor"]

    assert [(each.label, each.complete) for each in shown.groups] == [("no", 0), ("yes", 5)]


def test_a_variable_that_does_not_exist_counts_as_the_size_class(wave, client, ada) -> None:
    client.force_login(ada)

    shown = client.get(f"{WAVE}fieldwork/", {"by": "unit__email"}).context["monitor"]

    assert shown.variable.name == "size_class"


def test_the_slow_figures_are_kept_with_their_time_and_cases_get_priorities(
    wave, client, ada
) -> None:
    snapshots.refresh(wave=wave, at=NOON)

    document = FieldworkSnapshot.objects.get().document
    assert 0 < document["balance"]["r"] < 1
    assert document["pages"] == [
        {
            "page": "size",
            "title": "The size of your firm",
            "reached": 5,
            "broke_off": 0,
            "share": 0.0,
        }
    ]
    assert {each["item"]: each["share"] for each in document["items"]} == {
        "comment": 1.0, "employment_last": 0.0,
    }  # fmt: skip
    assert Case.objects.filter(priority__isnull=False).count() == 7
    client.force_login(ada)
    assert "R = 0." in client.get(f"{WAVE}fieldwork/").content.decode()


def test_the_page_asks_the_same_of_the_database_however_many_cases(wave, client, ada) -> None:
    snapshots.refresh(wave=wave, at=NOON)
    client.force_login(ada)

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"{WAVE}fieldwork/").status_code == 200
        return len(caught)

    before = asked()
    for number in range(20, 40):
        unit = make_unit(wave.frame, f"R-{number}", size_class=f"{number}-x")
        make_case(wave, wave.strata.get(), f"F{number}", unit=unit)

    assert asked() == before


def test_a_target_is_stated_and_taken_back(wave, client, ada) -> None:
    client.force_login(ada)

    client.post(f"{WAVE}fieldwork/target/", {"per_cent": "55"})
    assert Wave.objects.get().target_rates == {"RR1": 0.55}
    client.post(f"{WAVE}fieldwork/target/", {"per_cent": "155"})
    assert Wave.objects.get().target_rates == {"RR1": 0.55}
    client.post(f"{WAVE}fieldwork/target/", {"per_cent": ""})
    assert Wave.objects.get().target_rates == {}


def test_the_methodologist_lists_cases_by_pseudonym_and_finds_no_name(wave, survey, client) -> None:
    mara = make_user("mara")
    make_member(mara, survey, Membership.Role.METHODOLOGIST)
    client.force_login(mara)

    page = client.get(f"{WAVE}fieldwork/cases/").content.decode()
    searched = client.post(f"{WAVE}fieldwork/cases/", {"search": "Firm F3"}, follow=True)

    assert ">F3<" in page
    assert "Firm F3" not in page
    assert searched.context["page"].paginator.count == 0


def test_a_viewer_sees_rates_and_no_case(wave, survey, client) -> None:
    vera = make_user("vera")
    make_member(vera, survey, Membership.Role.VIEWER)
    client.force_login(vera)
    snapshots.refresh(wave=wave, at=NOON)

    page = client.get(f"{WAVE}fieldwork/").content.decode()

    assert "Rates by size class" in page
    assert "Firm F" not in page
    assert client.get(f"{WAVE}fieldwork/cases/").status_code == 403


def test_the_report_has_all_that_the_page_shows(wave, capsys) -> None:
    names = {"survey": wave.survey.slug, "wave": wave.slug}

    call_command("fieldwork_report", **names, by="region", compute=True)

    told = json.loads(capsys.readouterr().out)
    assert len(told["all_rates"]) == 16
    assert [each["group"] for each in told["groups"]] == ["NO", "SE"]
    assert {each["code"]: each["cases"] for each in told["final_dispositions"]} == {"1.1": 5, "": 7}
    assert 0 < told["balance"]["r"] < 1
    assert told["computed_at"]


def test_a_closed_wave_leads_to_what_is_left_to_do(client, ada, wave):
    Wave.objects.update(state="closed", closed_at=NOON)
    client.force_login(ada)

    of_wave, of_fieldwork = (
        client.get(page).content.decode() for page in (WAVE, f"{WAVE}fieldwork/")
    )

    assert f'href="{WAVE}close/">After the close' in of_wave
    assert f'href="{WAVE}close/">After the close' in of_fieldwork
    assert f'href="{WAVE}weights/">On to the weights' in of_fieldwork
