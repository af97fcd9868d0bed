"""In which waves each firm was drawn, by page, file and command."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from surveys.models import Survey, User
from tests.factories import (
    make_case,
    make_enterprise,
    make_frame,
    make_stratum,
    make_unit,
    make_wave,
)

pytestmark = pytest.mark.django_db


def address(name: str = "burden") -> str:
    return reverse(f"surveys:{name}", args=["knowledge"])


@pytest.fixture
def drawn(survey: Survey) -> None:
    """Alpha drawn in both waves, from two versions; Beta in the second; Gamma never."""
    firms = {name: make_enterprise(survey, name) for name in ("Alpha", "Beta", "Gamma")}
    for year, names in ((2023, ["Alpha"]), (2025, ["Alpha", "Beta"])):
        frame = make_frame(survey, number=year)
        wave = make_wave(survey, str(year), frame=frame, field_start=date(year, 9, 1))
        stratum = make_stratum(wave, "all")
        units = {name: make_unit(frame, name, enterprise=firm) for name, firm in firms.items()}
        for name in names:
            make_case(wave, stratum, f"{name}{year}", unit=units[name])


def rows(content: bytes) -> list[tuple[str, ...]]:
    read = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return [(row["register_id"], row["waves"], row["last"], row["drawn_in"]) for row in read]


ALPHA = ("Alpha", "2", "2025-09-01", "2023 2025")
BETA = ("Beta", "1", "2025-09-01", "2025")


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, [ALPHA, BETA]),
        ({"at_least": "2"}, [ALPHA]),
        ({"wave": "2023"}, [ALPHA]),
        ({"at_least": "9"}, []),
        ({"at_least": "many", "found": "forgotten"}, [ALPHA, BETA]),
        ({"wave": "no-such-wave"}, []),
    ],
)
def test_firms_are_filtered_by_how_often_and_by_wave(
    client: Client, ada: User, drawn: None, asked: dict[str, str], wanted: list[Any]
) -> None:
    client.force_login(ada)

    assert rows(client.get(address("burden_file"), asked).content) == wanted
    page = client.get(address(), asked)
    assert [line.enterprise.register_id for line in page.context["lines"]] == [
        each[0] for each in wanted
    ]


def test_firms_are_found_by_their_name_which_stands_in_no_address(
    client: Client, ada: User, drawn: None
) -> None:
    client.force_login(ada)

    asked = client.post(address(), {"search": "Be\0", "at_least": "1", "wave": ""})
    page = client.get(asked.url)

    assert [line.enterprise.register_id for line in page.context["lines"]] == ["Beta"]
    file = f"{address('burden_file')}?{page.context['query']}"
    assert rows(client.get(file).content) == [BETA]
    assert set(QueryDict(asked.url.partition("?")[2])) == {"at_least", "wave", "found"}
    assert 'value="Be"' in page.content.decode()


def test_a_search_that_is_not_kept_is_told(client: Client, ada: User, drawn: None) -> None:
    client.force_login(ada)

    for where in (address(), "/research/knowledge/frames/2023/"):
        page = client.get(where, {"found": "forgotten"})
        assert "not kept any more" in page.content.decode()


def test_the_command_lists_the_same(drawn: None) -> None:
    out = io.StringIO()

    call_command("list_burden", "--survey", "knowledge", "--at-least", "2", stdout=out)

    assert rows(out.getvalue().encode()) == [ALPHA]


def test_who_may_not_see_firms_sees_none(client: Client, ben: User, eve: User, drawn: None) -> None:
    seen = []
    for person in (ben, eve):
        client.force_login(person)
        seen += [client.get(address(name)).status_code for name in ("burden", "burden_file")]

    assert seen == [403, 403, 404, 404]


def test_the_page_asks_as_many_statements_for_one_firm_as_for_many(
    client: Client, ada: User, survey: Survey, drawn: None, django_assert_max_num_queries: Any
) -> None:
    client.force_login(ada)

    with django_assert_max_num_queries(12):
        assert client.get(address()).status_code == 200


def test_a_survey_without_a_sample_says_so(client: Client, ada: User, survey: Survey) -> None:
    client.force_login(ada)

    assert "No sample was drawn" in client.get(address()).content.decode()
