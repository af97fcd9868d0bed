"""Texts that the cells of a workbook name by number."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from surveys.microdata import FileOptions, Limits, MicrodataRefused
from surveys.microdata.shared_strings import SharedStrings
from surveys.microdata.workbook import workbook_rows

START = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
# Letters that XML can hold; a carriage return would come back as a line feed.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30
)


def strings(*items: str) -> SharedStrings:
    part = START + "".join(f"<si>{item}</si>" for item in items) + "</sst>"
    return SharedStrings(io.BytesIO(part.encode()))


class Counted(io.BytesIO):
    """Bytes that know how many of them were read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self.taken += len(piece)
        return piece


def test_texts_are_found_by_number_in_any_order() -> None:
    texts = strings("<t>Ål &amp; Bø</t>", "<t/>", '<t xml:space="preserve"> C </t>')

    assert [texts[2], texts[0], texts[1]] == [" C ", "Ål & Bø", ""]


def test_runs_of_one_cell_are_one_text_and_pronunciation_is_left_out() -> None:
    runs = '<r><t>Fir</t></r><r><rPr><b/></rPr><t>ma</t></r><rPh sb="0" eb="1"><t>xx</t></rPh>'

    assert strings(runs, "<t>next</t>")[0] == "Firma"
    assert strings(runs, "<t>next</t>")[1] == "next"


@pytest.mark.parametrize("place", [2, -1])
def test_a_number_without_a_text_is_no_text(place: int) -> None:
    with pytest.raises(IndexError):
        strings("<t>a</t>", "<t>b</t>")[place]


def test_no_more_is_read_than_the_first_rows_need() -> None:
    items = "".join(f"<si><t>Firm {n}</t></si>" for n in range(100_000))
    part = Counted((START + items + "</sst>").encode())

    assert SharedStrings(part)[200] == "Firm 200"
    assert part.taken < 100_000


@given(st.lists(TEXTS, min_size=1, max_size=20))
def test_texts_of_a_workbook_come_back(texts: list[str]) -> None:
    target = io.BytesIO()
    with Workbook(target, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for row, text in enumerate(texts):
            sheet.write_string(row, 0, text)
            sheet.write_number(row, 1, row)

    rows = list(workbook_rows(target.getvalue(), FileOptions(), Limits()))

    assert rows == [[text, str(row)] for row, text in enumerate(texts)]


def test_entities_that_would_grow_without_end_are_refused() -> None:
    entities = '<!DOCTYPE sst [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    part = entities + START + "<si><t>&b;</t></si></sst>"
    texts = SharedStrings(io.BytesIO(part.encode()))

    with pytest.raises(Exception, match="document type"):
        texts[0]


def test_a_cell_that_names_a_text_beyond_the_last_is_told_as_damage() -> None:
    target = io.BytesIO()
    with Workbook(target) as book:
        book.add_worksheet().write_row(0, 0, ["id", "name"])
    broken = _with_part(target.getvalue(), b"<v>1</v>", b"<v>9</v>")

    with pytest.raises(MicrodataRefused) as refused:
        list(workbook_rows(broken, FileOptions(), Limits()))
    assert refused.value.report.shown[0].code == "not_a_table"


def _with_part(workbook: bytes, old: bytes, new: bytes) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as before,
        zipfile.ZipFile(target, "w") as after,
    ):
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(old, new))
    return target.getvalue()
