"""Translations: keys of names, states, what is shown, and the gettext way out and back."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from surveys.questionnaire import catalogues, translations
from surveys.questionnaire.catalogues import UnreadableCatalogue, from_po, read_po, to_po
from surveys.questionnaire.reading import read_document
from tests.surveys.questionnaire.authored import ROOT, SMALL

EVERYTHING = """
instrument: everything
version: '1'
title: Everything
language: en
languages: [en, nb]
intro: About {firm}.
codes:
  scales:
    - {value: local, label: Local, definition: 'Near {firm}.'}
code_lists:
  - name: places
    version: '2024'
    title: Places
    codes: [{value: '0301', label: Oslo, words: Christiania}]
sections:
  - name: about
    title: About
    intro: First.
    pages:
      - name: persons
        title: Persons
        intro: Count all.
        items:
          - {name: staff, kind: number, label: 'Staff of {firm}', hint: All, definition: Persons, unit: persons, period: '{last_year}'}
          - name: kinds
            kind: multiple_choice
            label: Kinds
            codes: [{value: yes, label: 'Yes', specify: text, specify_label: Which}, {value: no, label: 'No'}]
          - {name: agree, kind: scale, label: Agree, points: {'0': Not at all, '4': Very}}
          - {name: split, kind: allocation, label: Split, parts: [{value: a, label: A}, {value: b, label: B}]}
        edits: [{name: few, severity: soft, when: staff < 1, message: Nobody, items: [staff]}]
      - name: cooperation
        title: Cooperation
        items:
          - name: cooperation
            kind: battery
            label: With {row}
            none_label: With none
            rows: [{value: suppliers, label: suppliers, title: Your suppliers}]
            facets: [{name: scale, label: Where, choose: many, codes: scales}]
            groups: [{name: market, title: In the market, rows: [suppliers]}]
      - name: partners
        title: Partners
        items:
          - name: partners
            kind: roster
            label: Partners
            thing: partner
            things: partners
            pages:
              - title: The partner
                items: [{name: called, kind: text, label: Name}]
              - title: Where
                items: [{name: place, kind: single_choice, label: Place, codes: [{value: a, label: Here}]}]
"""


@pytest.fixture
def document() -> dict[str, Any]:
    return read_document(EVERYTHING)


def test_every_text_has_a_key_of_names(document: dict[str, Any]) -> None:
    assert [each.key for each in translations.strings(document)] == [
        "instrument.title",
        "instrument.intro",
        "codes.scales.local.label",
        "codes.scales.local.definition",
        "code_lists.places@2024.title",
        "code_lists.places@2024.0301.label",
        "code_lists.places@2024.0301.words",
        "sections.about.title",
        "sections.about.intro",
        "pages.persons.title",
        "pages.persons.intro",
        "items.staff.label",
        "items.staff.hint",
        "items.staff.definition",
        "items.staff.period",
        "items.staff.unit",
        "items.kinds.label",
        "items.kinds.codes.yes.label",
        "items.kinds.codes.yes.specify_label",
        "items.kinds.codes.no.label",
        "items.agree.label",
        "items.agree.points.0",
        "items.agree.points.4",
        "items.split.label",
        "items.split.parts.a.label",
        "items.split.parts.b.label",
        "edits.persons.few.message",
        "pages.cooperation.title",
        "items.cooperation.label",
        "items.cooperation.none_label",
        "items.cooperation.rows.suppliers.label",
        "items.cooperation.rows.suppliers.title",
        "items.cooperation.facets.scale.label",
        "items.cooperation.groups.market.title",
        "pages.partners.title",
        "items.partners.label",
        "items.partners.thing",
        "items.partners.things",
        "items.partners.pages.called.title",
        "items.partners.pages.place.title",
        "items.partners.items.called.label",
        "items.partners.items.place.label",
        "items.partners.items.place.codes.a.label",
    ]


def test_an_item_that_moves_keeps_its_translation(document: dict[str, Any]) -> None:
    marked = translations.mark(document, "items.staff.hint", "nb", "Alle")
    pages = marked["sections"][0]["pages"]
    pages[2]["items"].append(pages[0]["items"].pop(0))

    shown = translations.translate(marked, "nb")

    assert shown["sections"][0]["pages"][2]["items"][-1]["hint"] == "Alle"


def test_every_text_is_replaced_and_nothing_else(document: dict[str, Any]) -> None:
    marked = document
    for each in translations.strings(document):
        marked = translations.mark(marked, each.key, "nb", f"På norsk: {each.text}")

    shown = translations.translate(marked, "nb")

    assert [each.text for each in translations.strings(shown)] == [
        f"På norsk: {each.text}" for each in translations.strings(document)
    ]
    back = {each.key: each.text for each in translations.strings(document)}
    for slot in list(translations.slots(shown)):
        slot.holder[slot.name] = back[slot.key]
    del shown["translations"]
    assert shown == document


def test_without_a_translation_the_authors_text_stays(document: dict[str, Any]) -> None:
    document["translations"] = {"nb": {"items.staff.hint": {"text": " ", "of": "0"}}}

    shown = translations.translate(document, "nb")

    assert translations.strings(shown) == translations.strings(document)
    assert translations.translate(document, "de") == document


def test_a_state_follows_the_authors_text(document: dict[str, Any]) -> None:
    marked = translations.mark(document, "items.staff.hint", "nb", "Alle")
    assert translations.states(marked, "nb")["items.staff.hint"] == "current"
    assert translations.states(marked, "nb")["items.staff.label"] == "missing"

    marked["sections"][0]["pages"][0]["items"][0]["hint"] = "All of them"

    assert translations.states(marked, "nb")["items.staff.hint"] == "out_of_date"
    assert translations.translate(marked, "nb")["sections"][0]["pages"][0]["items"][0]["hint"] == (
        "Alle"
    )


def test_a_translation_out_of_date_does_not_quote_other_fills(document: dict[str, Any]) -> None:
    marked = translations.mark(document, "items.staff.label", "nb", "Ansatte i {firm}")
    item = marked["sections"][0]["pages"][0]["items"][0]
    item["label"] = "Staff in {last_year}"

    shown = translations.translate(marked, "nb")

    assert shown["sections"][0]["pages"][0]["items"][0]["label"] == "Staff in {last_year}"
    assert translations.problems(marked) == ()


def test_an_empty_translation_is_taken_away(document: dict[str, Any]) -> None:
    marked = translations.mark(document, "items.staff.hint", "nb", "Alle")

    cleared = translations.mark(marked, "items.staff.hint", "nb", "  ")

    assert cleared["translations"] == {"nb": {}}
    assert "translations" not in document


def test_a_first_translation_adds_its_language(document: dict[str, Any]) -> None:
    marked = translations.mark(document, "instrument.title", "de", "Alles")

    assert translations.languages_of(marked) == ("en", "nb", "de")


def test_a_text_that_is_not_there_cannot_be_translated(document: dict[str, Any]) -> None:
    with pytest.raises(KeyError, match=r"items\.gone\.label"):
        translations.mark(document, "items.gone.label", "nb", "Borte")


@pytest.mark.parametrize(
    ("written", "code", "where"),
    [
        ({"languages": "nb"}, "wrong_shape", "languages"),
        ({"languages": ["en", "Norsk!"]}, "bad_translation", "languages"),
        ({"languages": ["nb", "en"]}, "wrong_shape", "languages"),
        ({"translations": ["nb"]}, "wrong_shape", "translations"),
        ({"translations": {"de": {}}}, "bad_translation", "translations > de"),
        ({"translations": {"en": {}}}, "bad_translation", "translations > en"),
        ({"translations": {"nb": ["a"]}}, "wrong_shape", "translations > nb"),
        (
            {"translations": {"nb": {"items.staff.hint": "Alle"}}},
            "wrong_shape",
            "translations > nb > items.staff.hint",
        ),
    ],
)
def test_what_is_wrong_with_translations_is_told(
    document: dict[str, Any], written: dict[str, Any], code: str, where: str
) -> None:
    (problem,) = translations.problems(document | written)

    assert (problem.code, problem.where) == (code, where)
    assert problem.remedy


def test_a_translation_holds_the_fills_of_its_text(document: dict[str, Any]) -> None:
    wrong = translations.mark(document, "items.staff.label", "nb", "Ansatte i {first_year}")

    (problem,) = translations.problems(wrong)

    assert problem.code == "bad_translation"
    assert problem.where == "translations > nb > items.staff.label"
    assert "{firm}" in problem.remedy


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\t"\\\x85\u2028{}'),
    min_size=1,
    max_size=30,
).filter(lambda text: bool(text.strip()))


@settings(max_examples=60, deadline=None)
@given(
    label=TEXTS,
    translated=st.lists(st.tuples(st.sampled_from(["hint", "definition"]), TEXTS), max_size=3),
    stale=st.booleans(),
)
@example(label='C:\\new "x"\\', translated=[("hint", "a\u2028b\nc\\n")], stale=True)
def test_out_to_gettext_and_back_is_the_same(
    label: str, translated: list[tuple[str, str]], stale: bool
) -> None:
    document = read_document(EVERYTHING)
    item = document["sections"][0]["pages"][0]["items"][0]
    item["label"] = label
    item["hint"] = item["definition"] = translated[-1][1] if translated else "x"
    for name, text in translated:
        fitting = text.replace("{", "(").replace("}", ")")
        item["hint"] = item["definition"] = fitting
        document = translations.mark(document, f"items.staff.{name}", "nb", fitting)
        item = document["sections"][0]["pages"][0]["items"][0]
    if stale:
        item["hint"] = "Changed since"

    assert from_po(document, to_po(document, "nb")) == document


def test_a_catalogue_carries_every_text_with_its_key(document: dict[str, Any]) -> None:
    marked = translations.mark(document, "items.staff.hint", "nb", "Alle")

    text = to_po(marked, "nb")

    assert 'msgctxt "items.staff.hint"\nmsgid "All"\nmsgstr "Alle"' in text
    assert text.count("msgctxt") == len(translations.strings(document))
    assert "Language: nb" in text


def test_a_translation_out_of_date_is_fuzzy(document: dict[str, Any]) -> None:
    marked = translations.mark(document, "items.staff.hint", "nb", "Alle")
    marked["sections"][0]["pages"][0]["items"][0]["hint"] = "All of them"

    text = to_po(marked, "nb")

    assert '#, fuzzy\nmsgctxt "items.staff.hint"' in text
    settled = from_po(marked, text.replace("#, fuzzy\n", ""))
    assert translations.states(settled, "nb")["items.staff.hint"] == "current"


def catalogue(*entries: tuple[str, str, str], flags: str = "") -> str:
    head = 'msgid ""\nmsgstr ""\n"Language: nb\\n"\n\n'
    return head + "\n".join(
        f'{flags}msgctxt "{key}"\nmsgid "{source}"\nmsgstr "{text}"\n'
        for key, source, text in entries
    )


def test_a_translation_of_a_former_text_comes_in_as_out_of_date(document: dict[str, Any]) -> None:
    filled = from_po(document, catalogue(("items.staff.hint", "Everybody", "Alle")))

    assert translations.states(filled, "nb")["items.staff.hint"] == "out_of_date"


def test_a_fuzzy_translation_comes_in_as_out_of_date(document: dict[str, Any]) -> None:
    filled = from_po(
        document, catalogue(("items.staff.hint", "All", "Kanskje"), flags="#, fuzzy\n")
    )

    assert translations.states(filled, "nb")["items.staff.hint"] == "out_of_date"


def test_what_does_not_fit_is_left_out_and_told(document: dict[str, Any]) -> None:
    incoming = read_po(
        document,
        catalogue(
            ("items.gone.label", "Gone", "Borte"),
            ("items.staff.label", "Staff of {firm}", "Ansatte"),
            ("items.staff.hint", "All", "Alle"),
        ),
    )

    assert incoming.unknown == ("items.gone.label",)
    assert incoming.other_fills == ("items.staff.label",)
    assert (incoming.taken, incoming.language) == (1, "nb")
    assert list(incoming.document["translations"]["nb"]) == ["items.staff.hint"]


def test_a_file_of_the_machine_is_not_read(document: dict[str, Any]) -> None:
    path = ROOT / "tests" / "instruments" / "bound_cells.yaml"

    with pytest.raises(UnreadableCatalogue):
        from_po(document, str(path))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not a catalogue",
        'msgid "a"\nmsgstr "b" c"\n',
        'msgid ""\nmsgstr ""\n"Language: ../etc\\n"\n',
        "PK\x03\x04\x00\x00",
        'msgid ""\nmsgstr ""\n"Language: en\\n"\n',
        'msgstr[x] "a"',
        '"lost"',
        "{" * 10_000,
    ],
)
def test_another_file_is_refused_with_a_sentence(document: dict[str, Any], text: str) -> None:
    with pytest.raises(UnreadableCatalogue, match=r"^The .*\.$"):
        from_po(document, text)


def test_a_file_of_100_megabytes_is_refused_unread(document: dict[str, Any]) -> None:
    with pytest.raises(UnreadableCatalogue, match="100000000 characters"):
        from_po(document, "a" * 100_000_000)


PIECES = ["msgid", "msgstr", "msgctxt", "msgstr[0]", "msgid_plural", "#,", "#~", "#|", "#", '""']


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from([*PIECES, '"a"', '"Language: nb\\n"', "\n", " ", "\\", "fuzzy", "é"]))
)
def test_any_pieces_of_a_catalogue_are_read_or_refused(pieces: list[str]) -> None:
    document = read_document((SMALL / "skips_when_no.yaml").read_text())
    text = catalogue(("items.sales.label", "Share of sales", "Andel")) + "".join(pieces)
    try:
        language = catalogues.read_po(document, text).language
    except UnreadableCatalogue as refusal:
        language = str(refusal)[-1]
    assert language in ("nb", ".")


def test_the_catalogue_of_a_module_is_named_after_it() -> None:
    head = to_po({"module": "a_firm", "title": "The firm"}, "nb").partition("msgctxt")[0]

    assert '"Project-Id-Version: a_firm\\n"' in head
