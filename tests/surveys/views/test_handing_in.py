"""After the last page: summaries, opening sections, the receipt, copies, and a last word."""

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from surveys.actions import feedback as actions
from surveys.actions import sign_off
from surveys.exports import datafiles, pdf
from surveys.models import Case, CaseEvent, Response, Wave
from surveys.queries.datafile_rows import rows_of
from tests.surveys.datafiles import datafile
from tests.surveys.firms import (
    DECLARED,
    QUESTIONNAIRE,
    admitted,
    answer_everything,
    open_case,
    page_path,
    save,
)

SECTIONS = """
instrument: gated
version: "1"
title: Gated
sections:
  - name: about
    title: About the firm
    opens: yes
    on_hub: no
    pages:
      - {name: size, title: Size, items: [{name: size, kind: number, label: Staff}]}
  - name: words
    title: Words
    summary: yes
    pages:
      - {name: first, title: First, items: [{name: first, kind: text, label: First word}]}
      - {name: second, title: Second, items: [{name: second, kind: text, label: Second word}]}
  - name: rest
    title: The rest
    minutes: 9
    pages:
      - {name: closing, title: Last, items: [{name: final, kind: text, label: Last word}]}
"""


def path(case: Case, rest: str = "") -> str:
    return f"/firm/{case.public_id}/{rest}"


@pytest.fixture
def handed_in(case: Case, browser: Client) -> Client:
    answer_everything(browser, case)
    assert browser.post(path(case, "submit/"), DECLARED).status_code == 302
    return browser


@pytest.fixture
def gated(db: None) -> Case:
    return open_case(SECTIONS)


def test_the_hub_shows_opening_sections_alone_until_they_are_complete(gated: Case) -> None:
    browser = admitted(gated)
    before = browser.get(path(gated)).content.decode()
    assert "About the firm" in before
    assert "The rest" not in before
    assert "More sections follow" in before
    assert "depends on your answers" not in before
    assert "about 9 minutes in all" in before

    save(browser, gated, "size", size="3")

    after = browser.get(path(gated)).content.decode()
    assert "The rest" in after
    assert "About the firm" not in after
    assert "More sections follow" not in after


def test_the_hub_says_that_answers_decide_which_sections_follow(db: None) -> None:
    rest = "    title: The rest\n"
    case = open_case(SECTIONS.replace(rest, f"{rest}    when: size > 3\n"))

    assert "depends on your answers" in admitted(case).get(path(case)).content.decode()


def test_a_section_ends_with_its_answers_and_is_complete_when_they_were_seen(gated: Case) -> None:
    browser = admitted(gated)
    summary = path(gated, "section/words/")
    save(browser, gated, "size", size="3")
    assert browser.get(summary)["Location"] == page_path(gated, "first")
    save(browser, gated, "first", first="Alpha")
    assert save(browser, gated, "second", second="Beta")["Location"] == summary
    assert status_of(browser, gated, "Words") == "in_progress"

    page = browser.get(summary).content.decode()
    assert "Alpha" in page
    assert "Last word" not in page
    assert browser.post(summary)["Location"] == path(gated)
    assert status_of(browser, gated, "Words") == "completed"

    save(browser, gated, "first", first="Gamma")
    assert status_of(browser, gated, "Words") == "in_progress"


def test_the_hub_leads_to_a_summary_that_was_not_seen(gated: Case) -> None:
    browser = admitted(gated)
    for page in ("size", "first", "second", "closing"):
        save(browser, gated, page)

    assert browser.get(path(gated)).context["onward"] == path(gated, "section/words/")


def status_of(browser: Client, case: Case, title: str) -> str:
    lines = browser.get(path(case)).context["sections"]
    return next(line.status for line in lines if line.title == title)


def test_a_section_that_is_not_there_is_not_found(gated: Case) -> None:
    browser = admitted(gated)

    assert browser.get(path(gated, "section/nowhere/")).status_code == 404
    assert browser.post(path(gated, "section/nowhere/finished/")).status_code == 404


def test_the_receipt_is_sent_without_answers_and_its_address_is_not_kept(
    case: Case, handed_in: Client
) -> None:
    answer = handed_in.post(
        path(case, "receipt/send/"), {"email": "kari@nord.example"}, follow=True
    )

    reference = Response.objects.get().reference
    assert "has been sent" in answer.content.decode()
    assert reference in mail.outbox[0].subject
    assert "1987" not in str(mail.outbox[0].body)  # an answer
    assert "kari" not in str(list(CaseEvent.objects.values_list("detail", flat=True)))


def test_who_hands_in_while_a_colleague_breaks_a_check_is_told_of_it(
    case: Case, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_everything(browser, case)
    hand_in, between = sign_off.hand_in, ["a colleague saves"]

    def overtaken(**arguments: Any) -> Any:
        if between:
            saved = Response.objects.get(case=case)
            saved.answers = saved.answers | {"employment": 5000, "employment_first": 1}
            saved.save()
            between.clear()
        return hand_in(**arguments)

    monkeypatch.setattr(sign_off, "hand_in", overtaken)
    page = browser.post(path(case, "submit/"), DECLARED).content.decode()

    assert "cannot have grown a thousandfold" in page
    assert Response.objects.get(case=case).submitted_at is None


def test_no_receipt_before_submission_nor_without_end(case: Case, browser: Client) -> None:
    assert browser.post(path(case, "receipt/send/"), {"email": "a@b.example"}).status_code == 302
    answer_everything(browser, case)
    browser.post(path(case, "submit/"), DECLARED)
    for _ in range(11):
        last = browser.post(path(case, "receipt/send/"), {"email": "a@b.example"})

    assert "Wait an hour" in last.content.decode()
    assert len(mail.outbox) == 10


def test_a_firm_fetches_its_answers_as_pdf(case: Case, handed_in: Client) -> None:
    answer = handed_in.get(path(case, "copy.pdf"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert len(answer.content) > 5_000
    assert "no-store" in answer["Cache-Control"]


def test_the_copy_ends_with_the_time_for_corrections(case: Case, handed_in: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Wave.objects.update(corrections_until=yesterday)

    refused = handed_in.get(path(case, "copy.pdf"))

    assert refused.status_code == 410
    assert "could be fetched until" in refused.content.decode()
    assert "copy.pdf" not in handed_in.get(path(case, "receipt/")).content.decode()
    Wave.objects.update(corrections_until=None, field_start=date(2020, 1, 1), field_end=yesterday)
    assert handed_in.get(path(case, "copy.pdf")).status_code == 410


def test_a_machine_without_pango_says_so_and_shows_the_rest(
    case: Case, handed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise pdf.PdfUnavailable("no Pango")

    monkeypatch.setattr(pdf, "_weasyprint", missing)

    refused = handed_in.get(path(case, "copy.pdf"))

    assert refused.status_code == 503
    assert "cannot be made" in refused.content.decode()
    assert handed_in.get(path(case, "receipt/")).status_code == 200


def test_a_text_of_a_firm_cannot_bring_files_into_its_pdf(case: Case, browser: Client) -> None:
    save(browser, case, "last", comment='<img src="file:///etc/hostname"><a href="x">')

    assert browser.get(path(case, "copy.pdf")).status_code == 200
    with pytest.raises(ValueError, match="no address"):
        pdf._refuse("file:///etc/hostname")


def test_minutes_and_a_comment_are_asked_once_and_exported(case: Case, handed_in: Client) -> None:
    assert "how long it took" in handed_in.get(path(case, "receipt/")).content.decode()

    sent = {"hours": "1", "minutes": "15", "comment": "=2+3 was hard"}
    assert handed_in.post(path(case, "feedback/"), sent).status_code == 302

    said = Response.objects.get().feedback
    assert (said["minutes"], said["comment"]) == (75, "=2+3 was hard")
    assert handed_in.get(path(case, "feedback/")).status_code == 302
    content = datafile(case.wave)
    assert [row[content.columns.index("feedback.minutes")] for row in content.rows] == [75]
    written = io.BytesIO()
    datafiles.write_workbook(rows_of(case.wave), written)
    book = openpyxl.load_workbook(written)
    assert [cell.value for cell in book["comments"][2]] == [case.pseudonym, "=2+3 was hard"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"minutes": "a lot"}, "Enter a whole number"),
        ({"minutes": "-1"}, "greater than or equal to 0"),
        ({"hours": "100", "minutes": "60"}, "Enter at most 100 hours"),
        ({"comment": "x" * 2_001}, "at most 2000 characters"),
    ],
)
def test_a_word_that_cannot_be_kept_says_why(
    case: Case, handed_in: Client, sent: dict[str, str], sentence: str
) -> None:
    answer = handed_in.post(path(case, "feedback/"), sent)

    assert sentence in answer.content.decode()
    assert Response.objects.get().feedback == {}


def test_a_questionnaire_that_asks_for_the_minutes_itself_is_not_followed_by_the_question(
    db: None,
) -> None:
    asked = QUESTIONNAIRE.replace("name: comment", "name: minutes_taken")
    case = open_case(asked)
    browser = admitted(case)
    Response.objects.create(
        case=case, begun_at=timezone.now(), submitted_at=timezone.now(), reference="M-1"
    )

    assert "how long it took" not in browser.get(path(case, "receipt/")).content.decode()
    assert browser.get(path(case, "feedback/")).status_code == 302


def test_nothing_is_said_of_a_response_that_was_not_handed_in(case: Case) -> None:
    with pytest.raises(actions.NotHandedIn):
        actions.give(case=case, minutes=3, comment="", at=timezone.now())
