import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from surveys.models import EnterpriseEvent, Frame, FrameUpload, Survey, Unit, User, Wave
from tests.factories import (
    make_case,
    make_enterprise,
    make_frame,
    make_stratum,
    make_unit,
    make_wave,
)

pytestmark = pytest.mark.django_db

LIST = (
    "Orgnr;Navn;Næringskode;Ansatte;Fylke;Sone\n1;Ås AS;10.51;20;NO02;x\n2;Bø AS;62.01;300;NO03;\n"
)
CHOICE = {
    "field_register_id": "Orgnr",
    "field_name": "Navn",
    "field_nace": "Næringskode",
    "field_employees": "Ansatte",
    "field_region": "Fylke",
    "attributes": ["Sone"],
    "decimal": ".",
}


@pytest.fixture
def client(client: Client, ada: User, settings: Any, tmp_path: Path, monkeypatch: Any) -> Client:
    settings.MEDIA_ROOT = tmp_path
    at_once = lambda _request, task, *keys, **_: task(*keys)  # noqa: E731 -- a worker that is quick
    monkeypatch.setattr("surveys.views.frames.tell_workers", at_once)
    client.force_login(ada)
    return client


def address(name: str, *more: object) -> str:
    return reverse(f"surveys:{name}", args=["knowledge", *more])


def send(client: Client, text: str = LIST, name: str = "list.csv") -> Any:
    file = SimpleUploadedFile(name, text.encode())
    return client.post(address("frames"), {"file": file})


def test_a_file_goes_by_its_mapping_to_a_version(client: Client) -> None:
    assert "There is none yet" in client.get(address("frames")).content.decode()

    page = client.get(send(client).url).content.decode()
    assert "<td>Bø AS</td>" in page
    assert '<option value="Ansatte" selected>' in page

    where = address("frame_upload", FrameUpload.objects.get().pk)
    end = client.post(where, CHOICE, follow=True)

    assert end.redirect_chain[-1][0] == address("frame_version", 1)
    assert "Ås AS" in end.content.decode()
    assert Unit.objects.get(register_id="1").attributes == {"Sone": "x"}


def test_a_file_that_is_no_list_is_told_and_not_kept(client: Client) -> None:
    for text, name, said in (
        ("%PDF-1", "list.csv", "a PDF document"),
        ("", "list.csv", "The file is empty"),
        ("x", "list.pdf", "ends in .csv"),
    ):
        answer = send(client, text, name)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not FrameUpload.objects.exists()


def test_a_file_too_large_is_told(client: Client, settings: Any) -> None:
    settings.FRAME_BYTES = 10

    assert "load_frame" in send(client).content.decode()


def test_problems_are_shown_and_downloaded_and_another_mapping_may_help(client: Client) -> None:
    send(client, LIST.replace("300", "-300"))
    key = FrameUpload.objects.get().pk
    page = client.post(address("frame_upload", key), CHOICE, follow=True).content.decode()

    assert "Nothing was loaded: 1 problem" in page
    assert '<code dir="ltr">-300</code>' in page
    lines = client.get(address("frame_problems", key)).content.decode().splitlines()
    assert lines[1].startswith("3,Ansatte,'-300,negative_size")

    client.post(address("frame_upload", key), CHOICE | {"field_employees": ""})
    assert Frame.objects.get().unit_count == 2


def test_a_mapping_without_an_identifier_or_with_a_column_twice_is_refused(client: Client) -> None:
    send(client)
    where = address("frame_upload", FrameUpload.objects.get().pk)

    answer = client.post(where, CHOICE | {"field_register_id": "", "field_region": "Navn"})
    assert answer.status_code == 422
    assert "Choose the column with the register identifier" in answer.content.decode()

    answer = client.post(where, CHOICE | {"field_region": "Navn"})
    assert "chosen for two fields" in answer.content.decode()
    assert FrameUpload.objects.get().state == "uploaded"


def hidden(page: str) -> list[str]:
    """Columns that are there to be kept besides and not offered."""
    return re.findall(r'data-column="([^"]+)" hidden', page)


def test_columns_that_a_field_has_are_not_offered_to_be_kept_besides(client: Client) -> None:
    page = client.get(send(client).url).content.decode()
    where = address("frame_upload", FrameUpload.objects.get().pk)

    assert hidden(page) == ["Orgnr", "Navn", "Næringskode", "Ansatte", "Fylke"]
    assert "data-none-left hidden" in page

    given_back = CHOICE | {"field_employees": "", "field_address": "Sone", "field_name": ""}
    again = client.post(where, given_back).content.decode()
    assert hidden(again) == ["Orgnr", "Næringskode", "Fylke", "Sone"]


def test_a_file_with_no_column_besides_says_so(client: Client) -> None:
    page = client.get(send(client, "Orgnr;Navn\n1;Ås AS\n").url).content.decode()

    assert hidden(page) == ["Orgnr", "Navn"]
    assert "data-none-left>" in page


def test_progress_asks_again_until_the_load_is_over(client: Client) -> None:
    send(client)
    uploads = FrameUpload.objects.all()
    key = uploads.get().pk
    uploads.update(state="loading", rows_read=10_000, rows_total=30_000)

    answer = client.get(address("frame_progress", key))
    assert "HX-Refresh" not in answer
    assert "hx-get" in answer.content.decode()
    assert "10\u202f000 of 30\u202f000 rows" in answer.content.decode()

    client.post(address("load_frame_again", key))
    assert client.get(address("frame_progress", key))["HX-Refresh"] == "true"
    assert Frame.objects.count() == 1


def test_a_file_can_be_forgotten(client: Client) -> None:
    send(client)

    client.post(address("discard_frame_file", FrameUpload.objects.get().pk))

    assert not FrameUpload.objects.exists()


@pytest.fixture
def two(survey: Survey) -> tuple[Frame, Frame]:
    old, new = make_frame(survey, unit_count=4), make_frame(survey, unit_count=4)
    for register_id in ("stays", "goes", "grows", "renames"):
        make_unit(old, register_id)
    make_unit(new, "stays")
    make_unit(new, "comes")
    make_unit(new, "grows", size_class="250+")
    make_unit(new, "renames", name="Another name")
    return old, new


@pytest.mark.parametrize(
    ("change", "firm", "before"),
    [
        ("births", "comes", ""),
        ("deaths", "goes", ""),
        ("moved", "grows", "10-49 · C · NO"),
        ("renamed", "renames", "Firm renames"),
    ],
)
def test_versions_are_compared(
    client: Client, two: tuple[Frame, Frame], change: str, firm: str, before: str
) -> None:
    answer = client.get(address("frame_changes", 2), {"change": change})

    assert set(answer.context["counts"].values()) == {1}
    assert [unit.register_id for unit, _ in answer.context["lines"]] == [firm]
    assert before in answer.content.decode()


def test_a_first_version_and_a_version_that_is_not_there(client: Client, survey: Survey) -> None:
    make_frame(survey)

    assert "one version so far" in client.get(address("frame_changes", 1)).content.decode()
    assert client.get(address("frame_changes", 1), {"against": "7"}).status_code == 404
    assert client.get(address("frame_version", 7)).status_code == 404


def test_firms_are_found_by_name_or_identifier(client: Client, two: tuple[Frame, Frame]) -> None:
    for search, found in (("gro", ["grows"]), ("another", ["renames"]), ("zzz", [])):
        where = address("frame_version", 2)
        page = client.post(where, {"search": search}, follow=True).context["page"]
        assert [unit.register_id for unit in page] == found


def test_a_firm_shows_its_versions_waves_and_events(client: Client, survey: Survey) -> None:
    unit = make_unit(make_frame(survey))
    wave = make_wave(survey)
    make_case(wave, make_stratum(wave), unit=unit)
    heir = make_enterprise(survey, "R-2", name="Heir AS")
    where = address("enterprise", unit.enterprise.pk)
    told = {"kind": "merged", "on": "2026-05-01", "successor": "R-2", "note": "By phone"}

    assert client.post(where, told | {"successor": "gone"}).status_code == 422
    page = client.post(where, told, follow=True).content.decode()

    assert "Wave 2025" in page
    assert "Heir AS" in page
    event = EnterpriseEvent.objects.get()
    assert (event.on, event.successor) == (date(2026, 5, 1), heir)

    of_heir = client.get(address("enterprise", heir.pk)).content.decode()
    assert "Firms that it succeeds" in of_heir
    assert (
        f'href="{where}">{unit.enterprise.name}</a>: merged into another firm. By phone' in of_heir
    )


def test_a_wave_in_draft_chooses_its_version(
    client: Client, survey: Survey, two: tuple[Frame, Frame]
) -> None:
    wave = make_wave(survey)
    where = address("frame", wave.slug)
    assert "Version 2: Register" in client.get(where).content.decode()

    client.post(address("choose_frame", wave.slug), {"frame": two[0].pk})
    wave.refresh_from_db()
    assert wave.frame == two[0]

    Wave.objects.update(state="closed")
    answer = client.post(address("choose_frame", wave.slug), {"frame": two[1].pk}, follow=True)
    assert "while the wave is in draft" in answer.content.decode()


def test_pages_ask_the_same_number_of_statements_however_many_firms(
    client: Client, survey: Survey, two: tuple[Frame, Frame], django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_unit(two[1], f"more-{number}")

    for page in (address("frames"), address("frame_version", 2), address("frame_changes", 2)):
        with django_assert_max_num_queries(16):
            assert client.get(page).status_code == 200
