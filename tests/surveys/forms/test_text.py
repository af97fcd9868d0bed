import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.forms.text import plain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("plain", "plain"),
        ("  spaces around \n", "spaces around"),
        ("two\r\nlines\rthree", "two\nlines\nthree"),
        ("nul\x00byte", "nulbyte"),
        ("bell\x07 and escape\x1b[31m", "bell and escape[31m"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("right\u202eto left", "rightto left"),
        ("\u200emarks\u200f\u2066\u2069", "marks"),
        ("\ufeffbyte order mark", "byte order mark"),
        ("e\u0301", "é"),
        ("\u0634\u0631\u0643\u0629", "\u0634\u0631\u0643\u0629"),
        ("family 👩\u200d👧", "family 👩\u200d👧"),
        ("\x00\u202e", ""),
    ],
)
def test_unseen_signs_are_taken_out_and_letters_stay(typed: str, kept: str):
    assert plain(typed) == kept


@given(st.text(st.characters()))
def test_what_is_kept_can_be_stored_and_stays_as_it_is(typed: str):
    kept = plain(typed)

    assert kept.encode("utf-8").decode("utf-8") == kept
    assert "\x00" not in kept
    assert plain(kept) == kept
