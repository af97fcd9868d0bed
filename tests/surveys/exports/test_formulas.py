import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from surveys.exports.formulas import neutralised, opens_a_formula, restored

text = st.text(st.characters(exclude_categories=["Cs"]))
evil = st.builds(
    lambda before, mark, rest: before + mark + rest,
    st.text(st.sampled_from(" '\"\u00a0\u200b\ufeff\n“”`"), max_size=4),
    st.sampled_from("=+-@\t\r＝＋－＠"),
    st.text(max_size=10),
)


@pytest.mark.parametrize(
    "written",
    [
        '=HYPERLINK("http://x")', "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1", '"=1',
        "'=1", "\n=1", "\u00a0=1", "\ufeff=1", "\u200b@x", "“=1",
    ],
)  # fmt: skip
def test_text_that_a_spreadsheet_would_run_is_recognised(written) -> None:
    assert opens_a_formula(written)


@pytest.mark.parametrize("written", ["", "Müller & Söhne", "a=b", "1-2", "'quoted'", "…", "x@y.eu"])
def test_plain_text_stays_as_it_is(written) -> None:
    assert neutralised(written) == written


@given(evil)
def test_dangerous_text_is_guarded(written) -> None:
    assert neutralised(written) == "'" + written


@given(text | evil)
@example("'=1")
@example("''=1")
def test_what_was_neutralised_is_given_back(written) -> None:
    assert restored(neutralised(written)) == written
