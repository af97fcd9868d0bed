"""Importing and exporting instruments on the command line."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from surveys.models import Instrument
from surveys.questionnaire import compile_text
from tests.surveys.interchange.eq import answer, block, radio, schema, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def eq_file(tmp_path):
    blocks = [block("first", radio("a1", q_code="0100")), block("odd", answer("a2", "Hologram"))]
    path = tmp_path / "small.json"
    path.write_text(json.dumps(schema(section("main", *blocks))))
    return path


def run(*arguments):
    """What the command printed, and its status."""
    out = StringIO()
    try:
        call_command(*(str(each) for each in arguments), stdout=out)
    except SystemExit as stop:
        return out.getvalue(), stop.code
    return out.getvalue(), 0


def test_an_eq_file_is_guessed_published_and_reported(eq_file, tmp_path):
    out, status = run("import_instrument", eq_file, "--report", tmp_path / "report.json")
    told = json.loads((tmp_path / "report.json").read_text())
    assert status == 0
    assert told["questions"] == 2
    assert told["output_variables"] == {"count": 1, "names": ["0100"]}
    assert {
        "what": "an answer of the type Hologram",
        "where": told["unsupported"][0]["where"],
        "kept_as": "a text",
    } in told["unsupported"]
    assert json.loads(out)["unsupported"] == len(told["unsupported"])
    published = Instrument.objects.get(name="small-survey", version="901-0001")
    assert told["fingerprint"] == published.fingerprint


def test_a_check_publishes_nothing_and_an_output_can_be_imported_again(eq_file, tmp_path):
    output = tmp_path / "small.yaml"
    _, status = run("import_instrument", eq_file, "--format", "ons", "--check", "--output", output)
    assert status == 0
    assert not Instrument.objects.exists()
    assert compile_text(output.read_text()).title == "Small survey"
    told, status = run("import_instrument", output)
    assert status == 0
    assert json.loads(told)["items"] == {"single_choice": 1, "text": 1}


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("small.json", b"{", "not_readable"),
        ("small.txt", b"hello", "unknown_format"),
        ("small.yaml", b"instrument: [", "not_yaml"),
        ("small.json", b" " * 6_000_000, "too_large"),
        ("small.json", b'{"sections": [], "title": "x"}', "missing_part"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_as_problems_with_status_1(tmp_path, name, data, code):
    path = tmp_path / name
    path.write_bytes(data)
    out, status = run("import_instrument", path, "--report", tmp_path / "report.json")
    assert status == 1
    assert json.loads(out)["problems"][0]["code"] == code
    assert json.loads((tmp_path / "report.json").read_text()) == json.loads(out)


def test_a_version_with_other_content_is_refused(eq_file):
    run("import_instrument", eq_file)
    eq_file.write_text(eq_file.read_text().replace("What about first?", "What else?"))
    out, status = run("import_instrument", eq_file)
    assert status == 1
    assert json.loads(out)["problems"][0]["code"] == "version_taken"


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_instrument", tmp_path / "nothing.json")


def test_a_published_instrument_is_written_as_yaml_without_loss(eq_file, tmp_path):
    run("import_instrument", eq_file)
    output = tmp_path / "out.yaml"
    run("export_instrument", "small-survey", "--format", "yaml", "--output", output)
    published = Instrument.objects.get()
    assert compile_text(output.read_text()).fingerprint == published.fingerprint


def test_a_published_instrument_is_written_as_an_xlsform_and_comes_back(eq_file, tmp_path):
    run("import_instrument", eq_file)
    output = tmp_path / "out.xlsx"
    run("export_instrument", "small-survey@901-0001", "--format", "xlsform", "--output", output)
    told, status = run("import_instrument", output)
    assert status == 0
    assert json.loads(told)["fingerprint"] == Instrument.objects.get().fingerprint


def test_a_published_instrument_is_written_as_a_codebook(eq_file, tmp_path):
    run("import_instrument", eq_file)
    output, study = tmp_path / "out.xml", tmp_path / "study.json"
    study.write_text('{"authors": ["Institute of Things"]}')
    run(
        "export_instrument", "small-survey", "--format", "ddi", "--output", output, "--study", study
    )
    text = output.read_text()
    assert "Institute of Things" in text
    assert "What about first?" in text


def test_an_instrument_that_nobody_published_is_said(tmp_path):
    with pytest.raises(CommandError):
        run("export_instrument", "nothing", "--format", "yaml", "--output", tmp_path / "x.yaml")
