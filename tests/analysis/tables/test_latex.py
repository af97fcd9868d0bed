import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.tables import latex
from analysis.tables.latex_numbers import PACKAGES
from analysis.tables.latex_text import LETTER_COMMAND, escape
from analysis.tables.presets import PRESETS
from analysis.tables.regression import regression_table
from analysis.tables.table import Cell, Row
from tests.analysis.tables.compiling import compiled
from tests.analysis.tables.fits import make_fit
from tests.analysis.tables.strategies import EVIL, SPECIAL, tables, texts
from tests.analysis.tables.test_delimited import TABLE

# What may stand behind a backslash in escaped text.
WORDS = {
    "textbackslash", "textasciicircum", "textasciitilde", "textless", "textgreater", "textbar",
    "char", "mbox", "textendash", "textemdash", "textquoteleft", "textquoteright",
    "textquotedblleft", "textquotedblright", "dots", "times", "cdot", "pm", "leq", "geq", "neq",
    "approx", "rightarrow", "S", "ss", "ae", "AE", "oe", "OE", "o", "O", "l", "L", "i", "r", "v",
    "u", "H", "c", "milieuletter",
}  # fmt: skip
PRINTED_MATHS = (
    "$-$", "$^{2}$", "$^{3}$", r"$\times$", r"$\cdot$", r"$\pm$", r"$\leq$", r"$\geq$",
    r"$\neq$", r"$\approx$", r"$\rightarrow$",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("R&D 5%", r"R\&D 5\%"),
        ("breadth_loc", r"breadth\_loc"),
        ("a^2 ~ {b} $c #1", r"a\textasciicircum{}2 \textasciitilde{} \{b\} \$c \#1"),
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ('<"a">', r"\textless{}\char34{}a\char34{}\textgreater{}"),
        ("a--b", "a-{-}b"),
        ("[1] *", "{[}1{]} {*}"),
        ("−0.5\u202f%", r"$-$0.5\,\%"),
        ("Rodríguez-Pose", r"Rodr\'{i}guez-Pose"),
        ("a\nb\x00\u202ec", "a bc"),
        ("中", r"\milieuletter{中}{{[}U+4E2D{]}}"),
    ],
)
def test_text_is_printed_literally(text, printed):
    assert escape(text) == printed


@given(texts)
@settings(max_examples=500, deadline=None)
def test_no_special_sign_is_left_unescaped(text):
    escaped = escape(text)
    commands = re.findall(r"\\([A-Za-z]+|.)", escaped)
    for known in (*PRINTED_MATHS, "~"):
        escaped = re.sub(r"(?<!\\)" + re.escape(known), "", escaped)

    assert {word for word in commands if word.isalpha()} <= WORDS
    assert {sign for sign in commands if not sign.isalpha()} <= set("{}$&#_%^~`'\".=,")
    assert not re.search(r"[&#%_^~<>|$\\]", re.sub(r"\\([A-Za-z]+|.)", "", escaped))
    assert ("~" in re.sub(r"\\.", "", escape(text))) <= ("\u00a0" in text)


@given(texts)
@settings(deadline=None)
def test_braces_are_balanced(text):
    bare = re.sub(r"\\[{}]", "", escape(text))
    depth = 0
    for letter in bare:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth >= 0
    assert depth == 0


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
@settings(deadline=None)
def test_plain_letters_can_be_read_back(text):
    decoded = escape(text)
    for command, letter in (
        (r"\textbackslash{}", "\0"), (r"\textasciicircum{}", "^"), (r"\textasciitilde{}", "~"),
        (r"\textless{}", "<"), (r"\textgreater{}", ">"), (r"\textbar{}", "|"),
        (r"\char34{}", '"'), (r"\`{}", "`"),
    ):  # fmt: skip
        decoded = decoded.replace(command, letter)
    decoded = re.sub(r"(?<!\\)\{([-',\[\]*])\}", r"\1", decoded)
    decoded = re.sub(r"\\([{}$&#_%])", r"\1", decoded).replace("\0", "\\")
    assert decoded == text


def test_numerals_are_left_to_siunitx_with_marks_and_parentheses_kept_out():
    text = latex.render(TABLE)

    assert "% Needs \\usepackage{booktabs,threeparttable,siunitx} in the preamble." in text
    assert r"\begin{tabular}{l*{1}{S[table-format={(}-4.3{)}]}*{1}{S[table-format=1.0]}}" in text
    assert r"Partners & -0.124 & \multicolumn{1}{c}{\textendash{}} \\" in text
    assert " & {(}0.050{)} &  \\\\\n\\midrule\nFirms (n) & 1190 & 5 \\\\" in text


def test_stars_stand_outside_the_number_with_room_for_the_widest():
    cells = (Cell("−1\u202f234.5***", -1234.5), Cell("yes"))
    rows = (Row("a", cells), Row("b", (Cell("0.1*", 0.1), Cell("–"))))

    text = latex.render(replace(TABLE, rows=rows))

    assert "*{1}{S[table-format=-4.1{{*}{*}{*}}]}*{1}{c}" in text
    assert "a & -1234.5{{*}{*}{*}} &" in text
    assert "b & 0.1{{*}} &" in text


def test_a_plain_table_has_booktabs_rules_spanners_and_notes():
    text = latex.render_plain(TABLE)

    assert "siunitx" not in text
    assert r"\sisetup" not in text

    assert r"\caption{Innovation}" in text
    assert r"\begin{tabular}{l*{2}{r}}" in text
    assert " & \\multicolumn{1}{c}{Product} &  \\\\\n\\cmidrule(lr){2-2}" in text
    assert r"Partners & $-$0.124\phantom{)} & \multicolumn{1}{c}{\textendash{}} \\" in text
    assert " & (0.050) &  \\\\\n\\midrule\nFirms (n) & 1\\,190\\phantom{.000)} & 5 \\\\" in text
    assert "\\item Source: here.\n\\item Fingerprint of plan, data and code: abc.\n" in text


def test_long_headings_are_stacked():
    table = replace(TABLE, columns=("(1) European and global", "(2)"))

    assert r"\begin{tabular}[b]{@{}c@{}}(1) European\\and global\end{tabular}" in latex.render(
        table
    )


@pytest.mark.parametrize("render", [latex.render, latex.render_plain])
@given(table=tables())
@settings(max_examples=200, deadline=None)
def test_every_line_of_the_grid_has_every_column(render, table):
    lines = render(table).split(r"\midrule" + "\n", 1)[1].split(r"\bottomrule")[0]
    for line in lines.splitlines():
        if line.endswith(r" \\") and not line.startswith(
            rf"\multicolumn{{{len(table.columns) + 1}}}"
        ):
            assert len(re.findall(r"(?<!\\)&", line)) == len(table.columns)


@pytest.mark.tex
def test_evil_labels_compile_and_read_no_file(tmp_path):
    plane = "".join(
        chr(code) for code in range(32, 0x250) if unicodedata.category(chr(code))[0] != "C"
    )
    labels = (*EVIL, SPECIAL, plane[:300], plane[300:])
    rows = tuple(Row(label, (Cell("0.1", 0.1), Cell(label[:20])), "estimate") for label in labels)
    table = replace(TABLE, rows=rows, notes=labels, title=" ".join(EVIL), columns=("* [a]", "b"))
    printed = compiled(tmp_path, latex.document(table))

    assert "passwd)" not in printed
    assert "(/etc/" not in printed


def test_the_letter_command_leaves_letters_to_engines_that_have_them():
    assert LETTER_COMMAND in latex.render(TABLE)


def test_a_wide_table_is_set_in_smaller_type():
    wide = replace(
        TABLE,
        columns=tuple("abcdef"),
        rows=(Row("A label that is longer than its column is wide", (Cell("1", 1),) * 6),),
        spanners=(),
    )

    text = latex.render(wide)

    assert r"\scriptsize\setlength{\tabcolsep}{3pt}" in text
    assert r"\begin{tabular}[t]{@{}l@{}}A label that is longer than\\its column is wide" in text
    assert "size" not in latex.render(replace(TABLE, notes=(), fingerprint=""))


def test_a_long_label_goes_on_beside_the_standard_errors():
    estimate = Row("Partner types, rest of the country", (Cell("0.100", 0.1), Cell("")), "estimate")
    error = Row("", (Cell("(0.050)", 0.05), Cell("")), "uncertainty")

    text = latex.render_plain(replace(TABLE, rows=(estimate, error)))

    assert "Partner types, rest of the & 0.100\\phantom{)} &  \\\\\ncountry & (0.050) &" in text


@pytest.mark.tex
@pytest.mark.slow
@pytest.mark.parametrize("aligned", PACKAGES)
@pytest.mark.parametrize("preset", PRESETS)
def test_a_table_in_every_preset_compiles(tmp_path, preset, aligned):
    fit = make_fit({"Intercept": (1, 0.4), "a_b": (-0.512, 0.125), "c": (2.5, 1.1)}, df=40)
    table = regression_table(
        title="Innovation",
        names=["All", "Small"],
        outcomes=["Product", "Process"],
        fits=[fit, fit],
        labels={"a_b": "R&D, 50 % or more"},
        layout=PRESETS[preset].layout,
    )
    printed = compiled(tmp_path, latex.document(table, aligned))

    assert "Overfull" not in printed
