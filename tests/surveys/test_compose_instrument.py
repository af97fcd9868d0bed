"""The command that puts an instrument together from modules."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from surveys.queries import code_lists
from surveys.questionnaire import Instrument, Money, compile_text

pytestmark = pytest.mark.django_db


def composed(*arguments: str, modules: str = "c_partners,z_closing") -> str:
    out = StringIO()
    call_command(
        "compose_instrument",
        *("--modules", modules, "--name", "partners", "--version", "1.0"),
        *("--title", "Partners", *arguments),
        stdout=out,
    )
    return out.getvalue()


def money_of(instrument: Instrument) -> dict[str, str]:
    return {item.name: item.currency for item in instrument.items if isinstance(item, Money)}


def test_the_modules_and_those_they_need_become_one_file() -> None:
    instrument = compile_text(composed(), code_lists=code_lists.find)

    assert (instrument.name, instrument.version, instrument.title) == (
        "partners",
        "1.0",
        "Partners",
    )
    names = [section.name for section in instrument.sections]
    assert names == ["firm", "cooperated", "partners", "closing"]


def test_a_file_is_written_and_told_of(tmp_path: Path) -> None:
    file = tmp_path / "partners.yaml"

    told = json.loads(composed("--output", str(file)))
    instrument = compile_text(file.read_text(encoding="utf-8"), code_lists=code_lists.find)

    assert told["sections"] == [section.name for section in instrument.sections]
    assert told["pages"] == len(instrument.pages)
    assert told["minutes"] == 17
    assert told["file"] == str(file)


def test_all_modules_can_be_named_at_once() -> None:
    instrument = compile_text(composed(modules="all"), code_lists=code_lists.find)

    assert len(instrument.sections) == 23


def test_money_is_in_the_currency_that_is_named() -> None:
    euros = compile_text(composed(), code_lists=code_lists.find)
    crowns = compile_text(composed("--currency", "NOK"), code_lists=code_lists.find)

    assert money_of(euros) == {"turnover_first": "EUR", "turnover_last": "EUR"}
    assert money_of(crowns) == {"turnover_first": "NOK", "turnover_last": "NOK"}


def test_a_currency_that_there_is_not_is_refused() -> None:
    with pytest.raises(CommandError, match=r"DEM is not the code of a currency, such as NOK\."):
        composed("--currency", "DEM")


def test_a_module_that_there_is_not_is_named_with_those_there_are() -> None:
    with pytest.raises(CommandError, match=r"no module c_friends\. Modules: a_firm, b_market"):
        composed(modules="a_firm,c_friends")


@pytest.mark.parametrize("modules", ["z_closing,z_closing"])
def test_problems_are_printed_and_refused(modules: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command(
            "compose_instrument",
            *("--modules", modules, "--name", "p", "--version", "1", "--title", "P"),
        )

    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [problem["code"] for problem in problems] == ["duplicate_name"]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        composed("--output", str(tmp_path / "nowhere" / "p.yaml"))
