"""What is drawn once for every firm holds nothing of any of them."""

import pytest
from django.test import Client
from django.utils.html import escape

from surveys.models import Case
from tests.factories import make_case, make_stratum
from tests.surveys.firms import QUESTIONNAIRE, admitted, open_case, page_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return open_case(QUESTIONNAIRE)


def neighbour(case: Case, name: str) -> Case:
    other = make_case(case.wave, make_stratum(case.wave, f"that of {name}"), "F0002")
    other.firm_name = name
    other.save()
    return other


def shown(case: Case, page: str, browser: Client | None = None) -> str:
    return (browser or admitted(case)).get(page_path(case, page)).content.decode()


def test_each_firm_is_called_by_its_own_name(case: Case) -> None:
    other = neighbour(case, "Brown & <i>Sons</i>")

    mine, theirs = shown(case, "new_good"), shown(other, "new_good")

    assert f"Did {case.firm_name} introduce" in mine
    assert f"Did {escape('Brown & <i>Sons</i>')} introduce" in theirs
    assert case.firm_name not in theirs


def test_a_name_that_looks_like_a_quotation_is_a_name(case: Case) -> None:
    other = neighbour(case, "{last_year} {firm}")

    assert "Did {last_year} {firm} introduce" in shown(other, "new_good")


def test_an_answer_that_looks_like_a_quotation_is_shown_as_typed(case: Case) -> None:
    browser = admitted(case)
    browser.post(page_path(case, "last"), {"_built_on": 0, "comment": "See {firm}"})

    assert "See {firm}" in shown(case, "last", browser)


def test_what_one_firm_answered_is_blank_for_the_next(case: Case) -> None:
    browser = admitted(case)
    browser.post(page_path(case, "new_good"), {"_built_on": 0, "new_good": "yes"})

    assert " checked" in shown(case, "new_good", browser)
    assert " checked" not in shown(neighbour(case, "Next"), "new_good")
