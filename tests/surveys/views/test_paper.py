"""The questionnaire on paper: for a firm, for a researcher, from the command line."""

import itertools
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from surveys import questionnaire
from surveys.exports import paper, pdf
from surveys.models import Case
from surveys.queries import code_lists
from tests.surveys.firms import admitted

ROOT = Path(__file__).resolve().parents[3]
EVERY_KIND = ROOT / "surveys" / "instruments" / "every_kind.yaml"


@pytest.fixture
def every_kind(db: None) -> str:
    text = EVERY_KIND.read_text(encoding="utf-8")
    return paper.as_html(questionnaire.compile_text(text, code_lists=code_lists.find))


def test_routing_is_in_words_that_name_questions_and_answers(every_kind: str) -> None:
    assert "Only if question 1 is “Yes” and question 2 is “Something else”" in every_kind
    assert "{" not in every_kind.split("</style>")[1]


def test_batteries_are_tables_with_heads_of_rows_and_columns(every_kind: str) -> None:
    assert every_kind.count("<table>") == 2
    assert '<th scope="row">suppliers</th>' in every_kind
    assert '<th scope="col">Local area</th>' in every_kind
    assert '<th scope="colgroup" colspan="5">Where were they?</th>' in every_kind


def test_rosters_are_numbered_blanks_and_their_questions(every_kind: str) -> None:
    assert "Up to 3 partners" in every_kind
    assert every_kind.count('<li><span class="paper-line"></span></li>') == 3


def test_headings_go_down_one_step_at_a_time(every_kind: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", every_kind)]

    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_a_firm_gets_its_questionnaire_for_paper(case: Case) -> None:
    answer = admitted(case).get(f"/firm/{case.public_id}/questions.pdf")

    assert answer.content.startswith(b"%PDF-")


def test_every_question_can_be_read_before_the_start(case: Case) -> None:
    page = admitted(case).get(f"/firm/{case.public_id}/questions/").content.decode()

    assert "Only if question 1 is “Yes”" in page
    assert "Did Nord AS introduce" in page


def test_the_command_writes_pdf_and_html(db: None, tmp_path: Path) -> None:
    for name in ("q.pdf", "q.html"):
        call_command("print_instrument", str(EVERY_KIND), output=str(tmp_path / name))

    assert (tmp_path / "q.pdf").read_bytes().startswith(b"%PDF-")
    assert "Every kind of question" in (tmp_path / "q.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "output", "sentence"),
    [
        ("xx", "q.pdf", "has no language 'xx'"),
        ("", "q.doc", "ends in .pdf or .html"),
        ("", "nowhere/q.html", "cannot be written"),
    ],
)
def test_the_command_refuses_with_a_sentence(
    db: None, tmp_path: Path, language: str, output: str, sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command(
            "print_instrument", str(EVERY_KIND), language=language, output=str(tmp_path / output)
        )


def test_the_command_says_what_a_machine_without_pango_needs(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise pdf.PdfUnavailable(pdf._MISSING)

    monkeypatch.setattr(pdf, "_weasyprint", missing)

    with pytest.raises(CommandError, match=r"libpango-1\.0-0"):
        call_command("print_instrument", str(EVERY_KIND), output=str(tmp_path / "q.pdf"))


def test_a_researcher_gets_html_where_there_is_no_pdf(
    client: Client, ada, survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.surveys.views.world import open_wave

    wave = open_wave(survey)
    client.force_login(ada)
    address = f"/research/{survey.slug}/{wave.slug}/instrument/paper.pdf"
    assert client.get(address).content.startswith(b"%PDF-")

    def missing() -> None:
        raise pdf.PdfUnavailable("none")

    monkeypatch.setattr(pdf, "_weasyprint", missing)
    assert b"<!doctype html>" in client.get(address).content
