"""What holds for every figure, whatever it shows."""

import csv
import io
import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import altair
import pypdf
import pytest
from PIL import Image

from analysis.figures import figure as formats
from analysis.figures.ranked import Bar, ranked_bars
from analysis.figures.style import with_interval
from analysis.tables.html import escape
from tests.analysis.figures.made import figures

FIGURES = figures()
every_figure = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES.keys())


@every_figure
def test_the_specification_is_vega_lite(figure):
    altair.Chart.from_dict(dict(figure.specification), validate=True)


@every_figure
def test_the_svg_has_title_and_description_as_its_first_children_and_is_named_by_them(figure):
    root = ElementTree.fromstring(formats.svg(figure))  # noqa: S314 -- our own picture

    assert [child.tag.split("}")[1] for child in root][:2] == ["title", "desc"]
    assert (root[0].text, root[1].text) == (figure.title, figure.description)
    assert root.attrib["role"] == "img"
    spoken = [name for element in root.iter() for name in element.attrib if "aria" in name]
    assert spoken == ["aria-labelledby"]
    assert root.attrib["aria-labelledby"] == f"{root[0].attrib['id']} {root[1].attrib['id']}"


@every_figure
def test_the_svg_may_stand_in_a_page_whose_policy_forbids_styles_and_scripts(figure):
    text = formats.svg(figure)

    assert not re.search(r"<script|<style|<foreignObject|<image|\sstyle=|\son\w+=", text)
    assert not re.search(r'(?:href|src)="', text)
    names = re.findall(r'\sid="([^"]*)"', text)
    assert len(names) == len(set(names))
    assert all(name.startswith(figure.kind) for name in names)


@every_figure
def test_title_note_and_what_the_lines_are_stand_in_the_picture(figure):
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", formats.svg(figure)))

    assert figure.title in text
    assert "Source: here. Made data." in text


@every_figure
def test_the_same_figure_gives_the_same_bytes_in_every_format(figure):
    again = figures()[figure.kind]

    for write in (formats.svg, formats.png, formats.pdf, formats.table_csv, formats.as_json):
        assert write(figure) == write(again)


@every_figure
def test_the_png_is_as_large_as_the_svg_times_the_scale(figure):
    root = ElementTree.fromstring(formats.svg(figure))  # noqa: S314 -- our own picture
    size = [float(root.attrib[side]) for side in ("width", "height")]

    picture = Image.open(io.BytesIO(formats.png(figure, scale=3)))

    assert picture.size == pytest.approx([3 * side for side in size], abs=3)
    assert len(picture.convert("RGB").getcolors(maxcolors=10**7)) > 20


@every_figure
def test_the_pdf_is_one_page_with_its_type_inside(figure):
    page = pypdf.PdfReader(io.BytesIO(formats.pdf(figure)))

    assert len(page.pages) == 1
    assert page.metadata.title == figure.title
    fonts = [font.get_object() for font in page.pages[0]["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        (inner,) = font["/DescendantFonts"]
        assert {"/FontFile2", "/FontFile3"} & set(inner.get_object()["/FontDescriptor"])
    assert "Source: here." in page.pages[0].extract_text()


@every_figure
def test_csv_and_json_hold_every_number_at_full_precision(figure):
    lines = list(csv.reader(io.StringIO(formats.table_csv(figure).decode("utf-8-sig"))))
    held = json.loads(formats.as_json(figure))

    assert tuple(lines[0]) == figure.columns
    assert [tuple(row) for row in held["rows"]] == list(figure.rows)
    assert lines[1:] == [
        ["" if value is None else value if isinstance(value, str) else repr(value) for value in row]
        for row in figure.rows
    ]
    assert held["vega_lite"] == figure.specification


@pytest.mark.parametrize("kind", ["coefficients", "forest", "ranked"])
def test_the_description_of_the_svg_has_the_numbers_of_its_table(kind):
    figure = FIGURES[kind]
    places = [figure.columns.index(name) for name in ("estimate", "low", "high")]

    text = formats.svg(figure)

    for row in figure.rows:
        assert with_interval(*(row[place] for place in places)) in text


def test_words_of_any_kind_do_not_break_a_figure():
    evil = '</title><script>alert("1")</script>\x00\u202e'
    figure = replace(FIGURES["ranked"], title=evil, description=evil, rows=(("=1+1", 1.0),))

    root = ElementTree.fromstring(formats.svg(figure))  # noqa: S314 -- our own picture

    assert "script" not in {element.tag.split("}")[1] for element in root.iter()}
    assert escape(evil) in formats.svg(figure)
    assert b"'=1+1,1.0" in formats.table_csv(figure)
    headed = replace(figure, columns=("=cmd()", "estimate"))
    assert b"'=cmd(),estimate" in formats.table_csv(headed)


def test_a_number_that_there_is_not_is_empty_in_csv_and_null_in_json():
    figure = replace(FIGURES["ranked"], rows=(("a", float("nan")), ("b", None)))

    assert formats.table_csv(figure).endswith(b"a,\r\nb,\r\n")
    assert formats.document(figure)["rows"] == [["a", None], ["b", None]]


def test_an_interval_is_told_with_decimals_enough_for_its_width():
    assert with_interval(0.04, 0.02, 0.06) == "0.040 (0.020 to 0.060)"
    assert with_interval(0.00004, 0.00002, 0.00006) == "0.000040 (0.000020 to 0.000060)"


def test_two_groups_of_one_name_have_a_line_each():
    bars = [Bar("Other", 1.0, 0.5, 1.5, 20), Bar("Other", 3.0, 2.5, 3.5, 20)]

    text = formats.svg(ranked_bars(bars, title="Shares", note="", axis="Share"))

    assert ">Other (1)<" in text
    assert ">Other (2)<" in text
