"""The firm's pages in four languages, and switching between them without losing a word."""

import io
import re
from pathlib import Path
from string import Formatter

import openpyxl
import polib
import pytest
from django.conf import settings
from django.test import Client

from surveys import questionnaire
from surveys.models import Case, CaseEvent, PageDraft, Response
from surveys.queries.offline_sheets import is_yes, yes
from surveys.questionnaire import number_text
from surveys.questionnaire.speech import Speech, say, speaking
from surveys.views.speaking import spoken
from tests import catalogue_strings
from tests.catalogue_strings import (
    in_code,
    in_templates,
    untranslated_in_code,
    untranslated_in_templates,
)
from tests.surveys.firms import admitted, code_of, open_case, page_path, save

LOCALE = Path(settings.LOCALE_PATHS[0])
FOREIGN = ("nb", "de", "it")
TEXT = """
instrument: polyglot
version: "1"
title: Many languages
language: en
languages: [en, nb, de]
translations:
  de:
    sections.firm.title: {text: Ihr Unternehmen, of: 00000000}
    items.persons.label: {text: Beschäftigte, of: 00000000}
  nb:
    items.persons.label: {text: Ansatte, of: 00000000}
sections:
  - name: firm
    title: Your firm
    pages:
      - name: size
        title: Size
        items:
          - {name: persons, kind: number, label: Persons employed, minimum: 0, maximum: 5000}
          - {name: share, kind: share, label: Share, decimals: 1}
          - {name: sector, kind: single_choice, label: Sector, codes: [{value: a, label: A}, {value: b, label: B}]}
"""


@pytest.fixture
def case(db: None) -> Case:
    return open_case(TEXT)


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def switch(client: Client, case: Case, language: str, **typed: str):
    return client.post(
        f"/firm/{case.public_id}/language/",
        {"_language": language, "_page": "size", "_next": page_path(case, "size")} | typed,
        follow=True,
    )


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [("", "Ich bin nicht die richtige Person"), ("right-person/", "Wer ist die richtige Person?")],
)
def test_another_language_on_a_page_of_the_access_link_shows_that_page_again(
    client: Client, case: Case, ending: str, sentence: str
):
    link = f"/answer/{code_of(case)}/{ending}"
    form = client.get(link).content.decode().partition('<form id="language-form"')[2]
    action, here = re.search(r'action="([^"]+)".*?name="_next" value="([^"]+)"', form).groups()

    page = client.post(action, {"_language": "de", "_next": here}, follow=True)

    assert page.status_code == 200
    assert page.redirect_chain == [(link, 302)]
    assert sentence in words(page)


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))


def texts(entry: polib.POEntry) -> list[tuple[str, str]]:
    if entry.msgid_plural:
        plural = entry.msgstr_plural
        return [(entry.msgid, plural[0]), (entry.msgid_plural, plural[1])]
    return [(entry.msgid, entry.msgstr)]


@pytest.mark.parametrize("language", FOREIGN)
def test_every_sentence_of_the_pages_is_in_the_catalogue(language: str):
    known = {source for entry in catalogue(language) for source, target in texts(entry) if target}

    wanted = {**in_code(), **in_templates()}

    assert {text: place for text, place in wanted.items() if text not in known} == {}
    assert known - set(wanted) == set()


def test_no_words_of_a_firms_page_stand_outside_the_catalogues():
    assert untranslated_in_templates() == set()
    assert untranslated_in_code() == set()


@pytest.mark.parametrize("language", FOREIGN)
def test_what_is_compiled_is_what_was_written(language: str):
    written = catalogue(language)
    compiled = polib.mofile(str(LOCALE / language / "LC_MESSAGES" / "django.mo"))

    assert {(each.msgctxt, *pair) for each in compiled for pair in texts(each)} == {
        (each.msgctxt, *pair) for each in written for pair in texts(each)
    }


@pytest.mark.parametrize("language", FOREIGN)
def test_translations_keep_every_value_and_every_tag(language: str):
    def parts(text: str) -> tuple[list[str], list[str], list[str]]:
        named = sorted(set(re.findall(r"%\(\w+\)s|%%s", text)))
        braces = sorted({name for _, name, _, _ in Formatter().parse(text) if name})
        return named, braces, sorted(set(re.findall(r"</?\w+>", text)))

    for entry in catalogue(language):
        for source, target in texts(entry):
            assert parts(source) == parts(target), target


def test_the_switch_shows_the_page_in_the_other_language(browser: Client, case: Case):
    before = browser.get(page_path(case, "size")).content.decode()
    assert '<html lang="en">' in before
    assert re.search(r'<button[^>]*lang="de">Deutsch</button>', before)

    after = switch(browser, case, "de")

    assert '<html lang="de">' in after.content.decode()
    assert "Beschäftigte" in words(after)
    assert "Speichern und weiter" in words(after)
    assert "Save and continue" not in words(after)
    assert CaseEvent.objects.get(kind="language_chosen").detail == {"language": "de"}


def test_what_was_typed_comes_along(browser: Client, case: Case):
    after = switch(browser, case, "nb", persons="not yet", sector="a")

    assert 'value="not yet"' in after.content.decode()
    assert "har ikke lagret det ennå" in words(after)
    assert PageDraft.objects.get().typed == {"persons": ["not yet"], "sector": ["a"]}


def test_a_page_as_it_was_saved_is_not_called_unsaved(browser: Client, case: Case):
    save(browser, case, "size", persons="12")

    after = switch(browser, case, "nb", persons="12", _built_on="1")

    assert "har ikke lagret det" not in words(after)


def test_checks_speak_the_language_with_its_decimal_mark(browser: Client, case: Case):
    switch(browser, case, "de")

    answer = save(browser, case, "size", persons="9000", share="12,55")

    assert "Geben Sie eine Zahl von höchstens 5 000 ein." in words(answer)
    assert "Es gibt 2 Probleme mit Ihren Antworten" in words(answer)
    assert "Fehler:" in words(answer)
    save(browser, case, "size", persons="9", share="12,5")
    sheet = words(browser.get(f"/firm/{case.public_id}/check/"))
    assert "12,5 %" in sheet
    assert "Keine Antwort" in sheet
    assert Response.objects.get().language == "de"


def test_the_language_of_the_last_save_is_that_of_the_next_visit(browser: Client, case: Case):
    switch(browser, case, "nb")
    save(browser, case, "size", persons="12")

    assert "Ansatte" in words(admitted(case).get(page_path(case, "size")))


def test_a_browser_is_answered_in_a_language_that_the_questionnaire_has(case: Case):
    german = {"Accept-Language": "fr, de-CH;q=0.8, it;q=0.9"}

    assert "Beschäftigte" in words(admitted(case).get(page_path(case, "size"), headers=german))
    assert "Codice di accesso" in words(Client().get("/answer/", headers=german))


def test_a_language_that_is_not_offered_is_not_spoken(browser: Client, case: Case):
    after = switch(browser, case, "it")

    assert '<html lang="en">' in after.content.decode()
    assert not CaseEvent.objects.filter(kind="language_chosen").exists()


def test_the_switch_leads_nowhere_else(browser: Client, case: Case):
    for target in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        answer = browser.post(
            f"/firm/{case.public_id}/language/", {"_language": "de", "_next": target}
        )
        assert answer["Location"] == f"/firm/{case.public_id}/"


def test_a_questionnaire_in_one_language_offers_no_switch(db: None):
    own, _, sections = TEXT.partition("sections:\n  - name")
    text = own.split("languages:")[0] + "sections:\n  - name" + sections
    case = open_case(text)

    assert "Deutsch" not in words(admitted(case).get(f"/firm/{case.public_id}/"))


def test_the_pages_before_the_code_can_be_switched(db: None):
    client = Client()

    after = client.post("/language/", {"_language": "it", "_next": "/answer/"}, follow=True)

    assert "Inserisca il codice di accesso" in words(after)


@pytest.mark.parametrize("language", FOREIGN)
def test_hub_questions_check_and_leaving_are_translated(case: Case, language: str):
    client = admitted(case)
    switch(client, case, language)
    language = language if language != "it" else "en"
    for path in ("", "check/", "questions/", "leave/"):
        page = client.get(f"/firm/{case.public_id}/{path}").content.decode()
        assert f'<html lang="{language}">' in page
        assert ("Leave</" in page) == (language == "en")


def test_the_pages_of_the_institute_stay_in_english(ada):
    client = Client()
    client.force_login(ada)

    page = client.get("/research/", headers={"Accept-Language": "de"}).content.decode()

    assert '<html lang="en-gb">' in page


def test_the_pure_room_speaks_as_it_is_told_and_english_again_afterwards():
    with speaking(Speech(str.upper, ",")):
        assert say("enter") == "ENTER"
        assert number_text(1234.5) == "1\u2009234,5"
    assert say("{number} or more", number=3) == "3 or more"
    assert number_text(1234.5) == "1\u2009234.5"
    with spoken("nb"):
        item = questionnaire.Number(name="x", label="X", maximum=3)
        assert questionnaire.check_value(item, 4)[0].message == "Oppgi et tall på 3 eller mindre."


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nb", "Denne siden finnes ikke"),
        ("de", "Diese Seite gibt es nicht"),
        ("en", "no such page"),
    ],
)
def test_an_address_that_leads_nowhere_says_so_in_the_language_of_the_visit(
    browser: Client, case: Case, language: str, sentence: str
):
    switch(browser, case, language)

    assert sentence in words(browser.get(page_path(case, "nothing")))


def test_a_failure_of_ours_is_told_a_firm_in_the_language_of_its_browser(
    case: Case, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_arguments: object, **_named: object) -> None:
        raise RuntimeError

    client = admitted(case)
    client.raise_request_exception = False
    monkeypatch.setattr("surveys.views.respondent.standing", broken)

    answer = client.get(f"/firm/{case.public_id}/", headers={"Accept-Language": "it"})

    assert answer.status_code == 500
    assert "errore da parte nostra" in words(answer)


def test_the_declaration_asks_for_what_is_missing_in_the_language_of_the_page(
    browser: Client, case: Case
):
    switch(browser, case, "de")
    save(browser, case, "size", persons="12")

    answer = words(browser.post(f"/firm/{case.public_id}/submit/", {}))

    assert "Ich bin befugt, für das Unternehmen zu antworten" in answer
    assert "Geben Sie Ihren Namen ein" in answer
    assert "I am authorised" not in answer


def test_a_sheet_is_made_read_and_refused_in_the_language_of_the_page(browser: Client, case: Case):
    switch(browser, case, "de")
    path = f"/firm/{case.public_id}/offline/"
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{path}firm.xlsx").content))
    sheet = book["Fragen"]
    told = [str(row[0].value or "") for row in sheet.iter_rows(max_col=1)]
    assert any(each.startswith("Füllen Sie die gelben Zellen aus") for each in told)
    assert not any("Fill in" in each for each in told)
    persons = sheet.cell(told.index("Beschäftigte") + 1, 2)

    def sent(value: str) -> str:
        persons.value = value
        target = io.BytesIO()
        book.save(target)
        target.name = "a.xlsx"
        target.seek(0)
        return words(browser.post(path, {"file": target}))

    assert "enthält eine Formel" in sent("=1+1")
    assert "Diese Antworten speichern" in sent("12")
    switch(browser, case, "nb")
    assert "Dette arket er på et annet språk enn siden" in sent("12")


@pytest.mark.parametrize("ticked", ["ja", "JA", "yes", "x", "1"])
def test_a_cell_is_ticked_by_the_word_of_the_language_or_by_yes(ticked: str):
    with spoken("de"):
        assert yes() == "ja"
        assert is_yes(ticked)
        assert not is_yes("nein")
    assert is_yes("ja") is False


def test_a_sentence_that_nobody_translates_is_found(tmp_path: Path, monkeypatch):
    plain = tmp_path / "respondent" / "plain.html"
    plain.parent.mkdir()
    plain.write_text('<p title="{{ x }}">{% translate "Said" %} Not said <b>{{ name }}</b></p>')
    module = tmp_path / "surveys" / "views" / "plain.py"
    module.parent.mkdir(parents=True)
    module.write_text(
        '"""A note. Not said."""\nF = field(label="Name", help=gettext_lazy("It is said."))\n'
        'raise Wrong(f"Enter {most} at most.")\n'
    )
    monkeypatch.setattr(catalogue_strings, "ROOT", tmp_path)
    monkeypatch.setattr(catalogue_strings, "TEMPLATES", plain.parent)
    monkeypatch.setattr(catalogue_strings, "_FAILURES", ())
    monkeypatch.setattr(catalogue_strings, "MODULES", (module,))
    monkeypatch.setattr(catalogue_strings, "FIRM_SIDE", ("views/plain",))

    assert untranslated_in_templates() == {("plain.html", "Not said")}
    assert untranslated_in_code() == {("plain.py", "Name"), ("plain.py", "Enter … at most.")}
