import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.actions.access_codes import (
    ALPHABET,
    LENGTH,
    MistypedCode,
    check_character,
    grouped,
    keyed_hash,
    new_code,
    normalised,
)

bodies = st.text(alphabet=ALPHABET, min_size=26, max_size=26)


def with_check(body: str) -> str:
    return body + check_character(body)


def test_a_code_has_27_characters_in_groups_of_four():
    code = grouped(new_code())

    assert len(code.replace("-", "")) == LENGTH == 27
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4, 4, 4, 3]


def test_codes_do_not_repeat_and_use_every_symbol():
    codes = {new_code() for _ in range(2000)}

    assert len(codes) == 2000
    assert set("".join(codes)) == set(ALPHABET)


@given(bodies)
def test_a_code_is_read_in_small_letters_with_spaces_and_hyphens(body: str):
    code = with_check(body)

    assert normalised(f"  {grouped(code).lower().replace('-', ' ')}\n") == code


@given(bodies)
def test_letters_that_look_like_figures_are_read_as_figures(body: str):
    code = with_check(body)

    assert normalised(code.replace("0", "o").replace("1", "l")) == code
    assert normalised(code.replace("0", "O").replace("1", "I")) == code


@given(bodies, st.integers(0, 26), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_seen(body: str, place: int, other: str):
    code = with_check(body)
    wrong = code[:place] + other + code[place + 1 :]

    if wrong == code:
        assert normalised(wrong) == code
    else:
        with pytest.raises(MistypedCode):
            normalised(wrong)


@given(bodies, st.integers(0, 26), st.integers(0, 26))
def test_every_exchange_of_two_characters_is_seen(body: str, left: int, right: int):
    letters = list(with_check(body))
    letters[left], letters[right] = letters[right], letters[left]
    exchanged = "".join(letters)

    if exchanged == with_check(body):
        assert normalised(exchanged) == exchanged
    else:
        with pytest.raises(MistypedCode):
            normalised(exchanged)


@pytest.mark.parametrize("typed", ["", "7K3F", "U" * 27, "é" * 27, "\x00" * 27, "0" * 10_000])
def test_what_cannot_be_a_code_is_a_typing_mistake(typed: str):
    with pytest.raises(MistypedCode):
        normalised(typed)


def test_what_is_stored_depends_on_the_pepper(settings):
    code = new_code()
    first = keyed_hash(code)

    settings.ACCESS_CODE_PEPPER = "another pepper of at least fifty characters, long enough"

    assert keyed_hash(code) != first
    assert code not in first
