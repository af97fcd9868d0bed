"""What is searched for by name stands in the session, and in no address."""

import logging

import pytest
from django.test import Client

from surveys.actions import calls, contacts
from surveys.fieldwork.protocols import StepPlan
from surveys.models import Survey, Wave
from surveys.views import searches
from tests.factories import NOON, make_case, make_frame, make_stratum, make_unit
from tests.surveys.views.world import open_wave

ROOT = "/research/knowledge/2025/"
LISTS = [f"{ROOT}fieldwork/cases/", f"{ROOT}calls/"]


@pytest.fixture
def wave(survey: Survey) -> Wave:
    """More than a page of firms called Moss, and one of another name; all to be called."""
    wave = open_wave(survey)
    stratum, frame = make_stratum(wave), make_frame(survey)
    for number in range(52):
        unit = make_unit(frame, f"R-{number}", phone="+47 22 00 00 01")
        name = "Lund Ltd" if number == 51 else f"Moss {number:02}"
        make_case(wave, stratum, f"F{number:04}", firm_name=name, unit=unit)
    step = contacts.add_step(wave=wave, plan=StepPlan("reminder", "phone"), by=None, at=NOON)
    calls.list_firms(step=step, by=None, at=NOON)
    return wave


@pytest.fixture
def ben_s(wave: Wave, ben) -> Client:
    browser = Client()
    browser.force_login(ben)
    return browser


@pytest.mark.parametrize("path", LISTS)
def test_a_search_is_paged_and_sorted_and_its_words_stand_in_no_address(
    path: str, ben_s: Client, caplog
) -> None:
    caplog.set_level(logging.DEBUG)

    asked = ben_s.post(path, {"search": "moss", "state": "all", "caller": ""})
    shown = ben_s.get(asked.url)

    assert shown.context["page"].paginator.count == 51
    following = ben_s.get(f"{path}?{shown.context['kept_query']}&page=2")
    assert len(following.context["page"]) == 1
    assert 'value="moss"' in following.content.decode()
    told = (
        asked.url
        + caplog.text
        + "".join(part for part in shown.content.decode().split('"') if part.startswith("?"))
    )
    assert "moss" not in told.casefold()


@pytest.mark.parametrize("path", LISTS)
def test_the_way_back_leads_to_the_former_search(path: str, ben_s: Client) -> None:
    first = ben_s.post(path, {"search": "Lund", "state": "all"})
    ben_s.post(path, {"search": "Moss", "state": "all"})

    assert ben_s.get(first.url).context["page"].paginator.count == 1


@pytest.mark.parametrize("path", LISTS)
def test_words_in_an_address_are_not_searched_for(path: str, ben_s: Client) -> None:
    shown = ben_s.get(path, {"search": "Lund", "state": "all"})

    assert shown.context["page"].paginator.count == 52
    assert "Lund" not in shown.context["kept_query"]


@pytest.mark.parametrize("path", LISTS)
def test_the_search_of_another_session_is_said_to_be_gone(path: str, ben_s: Client, ben) -> None:
    asked = ben_s.post(path, {"search": "Lund", "state": "all"})
    elsewhere = Client()
    elsewhere.force_login(ben)

    shown = elsewhere.get(asked.url)

    assert "is not kept any more" in shown.content.decode()
    assert shown.context["page"].paginator.count == 52


def test_no_more_than_thirty_searches_are_kept(ben_s: Client) -> None:
    for number in range(32):
        ben_s.post(LISTS[0], {"search": f"Firm {number}"})

    assert list(ben_s.session[searches._KEY].values()) == [f"Firm {n}" for n in range(2, 32)]
