from html.parser import HTMLParser

from hypothesis import given, settings

from analysis.tables import html
from tests.analysis.tables.strategies import printable, tables
from tests.analysis.tables.test_delimited import TABLE

KNOWN = {"table", "caption", "thead", "tbody", "tr", "th", "td", "span", "div", "p"}


class Reader(HTMLParser):
    """Tags met, and the texts of captions, headings and cells."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.open = 0

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag in ("caption", "th", "td", "p"):
            self.texts.append("")
            self.open += 1

    def handle_endtag(self, tag):
        if tag in ("caption", "th", "td", "p"):
            self.open -= 1

    def handle_data(self, data):
        if self.open:
            self.texts[-1] += data


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


def test_the_fragment_has_a_caption_scopes_and_a_name_for_every_line():
    fragment = html.fragment(TABLE)

    assert "<caption>Innovation</caption>" in fragment
    assert '<th class="spanner" scope="colgroup" colspan="1"><span>Product</span></th>' in fragment
    assert '<th scope="col">(1)</th>' in fragment
    assert (
        '<th scope="rowgroup" colspan="3"><span class="scale-tag scale-local">Local</span></th>'
        in fragment
    )
    assert '<th scope="row"><span class="unseen">standard error of Partners</span></th>' in fragment
    assert "<p>Source: here.</p>" in fragment


def test_numerals_are_padded_to_stand_over_each_other_at_the_point():
    fragment = html.fragment(TABLE)

    assert "<td>−0.124\u00a0</td>" in fragment
    assert "<td>(0.050)</td>" in fragment
    assert "<td>1\u202f190\u00a0\u2007\u2007\u2007\u00a0</td>" in fragment


def test_the_document_stands_alone():
    document = html.render(TABLE)

    assert document.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>Innovation</title>" in document
    assert "http" not in document
    assert html.fragment(TABLE) in document


@given(tables())
@settings(max_examples=300, deadline=None)
def test_labels_of_any_kind_are_shown_and_never_become_tags(table):
    reader = read(html.fragment(table))

    assert set(reader.tags) <= KNOWN
    assert {name for name, _ in reader.attributes} <= {"class", "scope", "colspan"}
    texts = reader.texts
    assert texts[0] == printable(table.title)
    for row in table.rows:
        assert any(printable(row.label) in text for text in texts)
    notes = [printable(note) for note in table.notes]
    foot = texts[-len(notes) - bool(table.fingerprint) :]
    assert foot[: len(notes)] == notes
