"""The command that exchanges translations with translators."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from surveys.questionnaire import compile_text
from surveys.questionnaire.reading import read_document
from tests.surveys.questionnaire.authored import SMALL

FILE = SMALL / "skips_when_no.yaml"


def run(*arguments: object) -> dict[str, Any]:
    out = io.StringIO()
    call_command("translate_instrument", *map(str, arguments), stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def test_a_catalogue_goes_out_and_comes_back_translated(tmp_path: Path) -> None:
    catalogue, translated = tmp_path / "nb.po", tmp_path / "translated.yaml"
    told = run(FILE, "--write", catalogue, "--language", "nb")
    assert told["current"] == 0
    assert told["missing"] > 10

    text = catalogue.read_text(encoding="utf-8")
    source = 'msgid "Share of sales"\nmsgstr ""'
    assert source in text
    catalogue.write_text(
        text.replace(source, 'msgid "Share of sales"\nmsgstr "Andel av salget"')
        + '\nmsgctxt "items.gone.label"\nmsgid "Gone"\nmsgstr "Borte"\n',
        encoding="utf-8",
    )
    back = run(FILE, "--read", catalogue, "--out", translated)

    assert (back["language"], back["taken"], back["current"]) == ("nb", 1, 1)
    assert back["unknown"] == ["items.gone.label"]
    written = translated.read_text(encoding="utf-8")
    assert compile_text(written, language="nb").item("sales").label == "Andel av salget"
    document = read_document(written)
    del document["translations"], document["languages"]
    assert document == read_document(FILE.read_text())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--write", "x.po"], "--language"),
        (["--write", "x.po", "--language", "Norsk!"], "--language"),
        (["--write", "x.po", "--language", "en"], "language of the author"),
        (["--read", "x.po"], "--out"),
        (["--read", str(FILE), "--out", "x.yaml"], "not a gettext catalogue"),
        (["--read", "gone.po", "--out", "x.yaml"], "cannot be read"),
        ([], "required"),
    ],
)
def test_what_cannot_be_done_is_told(options: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run(FILE, *options)


def test_a_catalogue_of_100_megabytes_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "large.po"
    with large.open("wb") as file:
        file.truncate(100_000_000)

    with pytest.raises(CommandError, match="100000000 bytes"):
        run(FILE, "--read", large, "--out", tmp_path / "x.yaml")
