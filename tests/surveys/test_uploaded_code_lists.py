"""Code lists that a survey brings along: read or refused, kept once, seen by its researchers."""

import io
import json
from collections import Counter

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys import questionnaire
from surveys.actions.code_lists import MOST_CODES, read_table, upload
from surveys.microdata import MicrodataRefused
from surveys.models import AuditEvent, CodeList
from surveys.queries import code_lists
from tests.factories import NOON, make_survey

TABLE = "value,label,parent,words\n03,Oslo,,capital\n0301,Oslo kommune,03,\n"


def refusal(data: bytes | str) -> dict[str, int]:
    with pytest.raises(MicrodataRefused) as caught:
        read_table(data.encode() if isinstance(data, str) else data)
    for problem in caught.value.report.shown:
        assert problem.message
        assert problem.remedy
        assert "mapping" not in problem.remedy
    counts: Counter[str] = Counter()
    for tally in caught.value.report.tallies:
        counts[tally.code] += tally.count
    return dict(counts)


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def keep(survey, **changed) -> CodeList:
    given = {"name": "places", "version": "1", "title": "Places", "data": TABLE.encode()}
    return upload(survey=survey, by=None, at=NOON, **(given | changed))


@pytest.mark.parametrize(
    "data",
    [
        TABLE.encode(),
        b"\xef\xbb\xbf" + TABLE.encode(),
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "\t").encode(),
        TABLE.replace("value,label,parent", "Code,Title,Parent code").encode(),
        workbook(
            ("value", "label", "parent", "words"),
            ("03", "Oslo", None, "capital"),
            ("0301", "Oslo  kommune", "03"),
        ),
    ],
)
def test_a_table_is_read_by_its_header(data):
    oslo, municipality = read_table(data)

    assert (oslo.value, oslo.label, oslo.parent, oslo.words) == ("03", "Oslo", "", "capital")
    assert (municipality.value, municipality.label) == ("0301", "Oslo kommune")
    assert municipality.parent == "03"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("", {"empty_file": 1}),
        ("value,label\n", {"no_rows": 1}),
        ("a,b\n1,One\n", {"missing_column": 2}),
        ("value,code,label\n1,1,One\n", {"two_columns": 1}),
        ("value,label\n1,One\n1,Uno\n", {"repeated_code": 1}),
        ("value,label\n1,\n", {"no_label": 1}),
        ("value,label\n,One\n", {"bad_value": 1}),
        ("value,label\n<b>,One\n", {"bad_value": 1}),
        ("value,label\n1,=1+1\n", {"formula": 1}),
        ("value,label\n1,On\u202ee\n", {"not_plain": 1}),
        ("value,label\n1," + "e" * 501 + "\n", {"too_long": 1}),
        ("value,label,parent\n1,One,2\n", {"unknown_parent": 1}),
        ("value,label,parent\n1,One,2\n2,Two,1\n", {"circular_parent": 1}),
        ("value,label,parent\n1,One,1\n", {"circular_parent": 1}),
        ("value,label\n1,Åre\n".encode("latin-1"), {"wrong_encoding": 1}),
        (b"PK\x03\x04 and nothing more", {"not_a_table": 1}),
        (b"x" * 5_000_001, {"file_too_large": 1}),
        (workbook(("value", "label"), (1, '=WEBSERVICE("x")')), {"formula": 1}),
        ('value,label\n1,"One\n', {"broken_quotes": 1}),
    ],
)
def test_what_is_wrong_is_told_with_its_remedy(data, found):
    assert refusal(data) == found


def test_more_codes_than_a_list_holds_are_refused():
    rows = "".join(f"{n},Code {n}\n" for n in range(MOST_CODES))

    assert len(read_table(f"value,label\n{rows}".encode())) == MOST_CODES
    assert refusal(f"value,label\n{rows}x,One more\n") == {"too_many_codes": 1}


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_read_or_refused(data):
    told = 0
    try:
        told = len(read_table(b"value,label\n" + data))
    except MicrodataRefused as refused:
        told = refused.report.total
    assert told


def test_a_list_is_kept_once_and_found(survey):
    kept = keep(survey)

    assert keep(survey) == kept
    found = code_lists.find("places", "1")
    assert found.search("capital")[0].value == "03"
    assert AuditEvent.objects.filter(action="code_list_uploaded").count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Other places"},
        {"data": TABLE.replace("capital", "town").encode()},
        {"name": "nace", "version": "2.1"},
    ],
)
def test_a_version_in_use_stays_as_it_is(survey, changed):
    keep(survey)

    with pytest.raises(MicrodataRefused) as caught:
        keep(survey, **changed)

    assert [problem.code for problem in caught.value.report.shown] == ["version_taken"]
    assert CodeList.objects.get().title == "Places"


def test_a_name_of_another_survey_is_taken(survey):
    keep(make_survey(slug="other"))

    with pytest.raises(MicrodataRefused):
        keep(survey)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "Places"}, "bad_name"),
        ({"version": "a b"}, "bad_version"),
        ({"title": " "}, "bad_title"),
    ],
)
def test_a_list_needs_a_name_that_a_questionnaire_can_write(survey, changed, code):
    with pytest.raises(MicrodataRefused) as caught:
        keep(survey, **changed)

    assert [problem.code for problem in caught.value.report.shown] == [code]


def test_a_lookup_can_name_an_uploaded_list(survey):
    keep(survey)
    item = {"name": "place", "kind": "lookup", "label": "Where?", "codes": "places@1"}
    page = {"name": "p", "title": "P", "items": [item]}
    document = {
        "instrument": "where",
        "version": "1",
        "title": "Where",
        "sections": [{"name": "s", "title": "S", "pages": [page]}],
    }

    made = questionnaire.compile_document(document, code_lists=code_lists.find)

    assert "0301" in next(iter(made.items)).codes


def test_a_list_outlives_its_survey_and_is_shown_to_nobody(survey, capsys):
    keep(survey)
    survey.delete()
    other = make_survey(slug="other")

    assert "0301" in code_lists.find("places", "1")
    assert not code_lists.is_open_to(other, "places", "1")
    assert not code_lists.of_survey(other)
    with pytest.raises(MicrodataRefused):
        keep(other, title="Other places")
    lists = run(capsys, "list_code_lists")
    assert "places@1" not in {each["list"] for each in lists}


@pytest.fixture
def page(client, ada, survey) -> str:
    client.force_login(ada)
    return reverse("surveys:code_lists", args=[survey.slug])


def filled(data: bytes) -> dict[str, object]:
    file = SimpleUploadedFile("places.csv", data)
    return {"title": "Places", "name": "places", "version": "1", "file": file}


def test_a_researcher_uploads_searches_and_downloads(client, page):
    response = client.post(page, filled(TABLE.encode()), follow=True)

    address = response.redirect_chain[-1][0]
    assert "with 2 codes" in response.content.decode()
    assert "Oslo kommune" in client.get(address, {"q": "kommune"}).content.decode()
    assert "No code fits" in client.get(address, {"q": "zzz"}).content.decode()
    assert client.get(f"{address}codes.csv").content.decode().splitlines() == TABLE.splitlines()
    assert "places@1" in client.get(page).content.decode()


def test_a_refused_file_is_answered_with_its_problems(client, page):
    response = client.post(page, filled(b"value,label\n1,<script>\n1,=2\n"))

    text = response.content.decode()
    assert response.status_code == 422
    assert "2 problems" in text
    assert "<script>" not in text
    assert not CodeList.objects.exists()


def test_a_form_without_a_file_says_so(client, page):
    response = client.post(page, {"title": "Places", "name": "places", "version": "1"})

    assert response.status_code == 422
    assert "Choose the file with the codes." in response.content.decode()


def test_lists_of_another_survey_are_not_found(client, page, survey):
    keep(make_survey(slug="other"))

    assert client.get(f"{page}places/1/").status_code == 404
    assert client.get(f"{page}places/1/codes.csv").status_code == 404
    assert client.get(f"{page}nace/9/").status_code == 404


def run(capsys, *arguments: str):
    call_command(*arguments)
    return json.loads(capsys.readouterr().out)


def importing(path, survey) -> list[str]:
    named = ["--name", "places", "--version", "1", "--title", "Places"]
    return ["import_code_list", str(path), "--survey", survey.slug, *named]


def test_lists_are_imported_and_listed_on_the_command_line(survey, tmp_path, capsys):
    path = tmp_path / "places.csv"
    path.write_text(TABLE)

    told = run(capsys, *importing(path, survey))
    lists = run(capsys, "list_code_lists", "--survey", survey.slug)

    assert (told["list"], told["codes"]) == ("places@1", 2)
    assert {"list": "places@1", "title": "Places", "codes": 2, "survey": survey.slug} in lists
    assert {each["list"] for each in lists} >= {"nace@2.1", "nuts@2024"}


def test_the_command_tells_every_problem(survey, tmp_path, capsys):
    path = tmp_path / "places.csv"
    path.write_text("value,label\n1,\n1,One\n")

    with pytest.raises(SystemExit) as left:
        call_command(*importing(path, survey))

    assert left.value.code == 1
    assert json.loads(capsys.readouterr().out)["count"] == 2


def test_the_command_needs_a_survey_and_a_file(survey, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command(*importing(tmp_path / "nothing.csv", survey))
    survey.slug = "none"
    with pytest.raises(CommandError, match="no survey"):
        call_command(*importing(tmp_path / "nothing.csv", survey))
