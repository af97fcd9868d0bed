"""A letter as the printer gets it: what its QR code opens, and whose address stands where."""

from datetime import date
from io import BytesIO

import numpy as np
import pytest
import zxingcpp
from pypdf import PdfReader

from surveys.actions.mailing_batches import Letter
from surveys.actions.messages import Written
from surveys.exports import letters
from surveys.models import ContactStep, Survey, Wave
from surveys.queries.contacts import Recipient

CODE = "7K3F-92QX-0000-0000-0000-0000-00Z"
LINK = f"https://milieu.example.org/answer/{CODE}/"
STEP = ContactStep(wave=Wave(survey=Survey(title="Knowledge", institute="The Institute")))


def letter(**fields) -> Letter:
    told = {
        "firm": "Fjord & <Boats> AS",
        "person": "Kari",
        "postal": "Road 2\n\n0150 Oslo",
        "language": "en",
    }
    told |= fields
    to = Recipient(
        1, "", "F1", told["firm"], told["person"], "", told["language"], "", None, told["postal"]
    )
    written = Written(told["language"], "A subject", "First.\n\nSecond <b>part</b>.")
    return Letter(to, written, CODE, LINK, 1)


def text_of(*several: Letter) -> list[str]:
    made = letters.draw(STEP, several, on=date(2026, 11, 22))
    return [page.extract_text() for page in PdfReader(BytesIO(made)).pages]


def test_the_qr_code_opens_the_questionnaire_of_the_letter():
    """Read by another library than the one that draws it."""
    modules = np.array([[not cell for cell in row] for row in letters.qr_code(LINK).matrix])
    picture = np.kron(np.pad(modules, 4, constant_values=True), np.ones((6, 6))).astype(np.uint8)

    [read] = zxingcpp.read_barcodes(picture * 255)

    assert read.text == LINK


def test_the_drawing_in_the_letter_is_that_code():
    assert letters.qr_code(LINK).svg_inline(border=4, omitsize=True).split('d="')[1] in str(
        letters._drawn(LINK)
    )


def test_a_letter_shows_address_words_and_code_as_they_are():
    [text] = text_of(letter())
    for words in ("Fjord & <Boats> AS", "Road 2", "0150 Oslo", "Second <b>part</b>.", CODE):
        assert words in text
    assert "https://milieu.example.org/answer/\n" in text
    assert "22 November 2026" in text or "22 Nov 2026" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", "Spørreskjemaet deres"),
        ("de", "Ihr Fragebogen"),
        ("it", "Il vostro questionario"),
        ("fr", "Your questionnaire"),
    ],
)
def test_the_box_speaks_the_language_of_the_letter(language, words):
    [text] = text_of(letter(language=language))
    assert words in text


def test_letters_begin_on_pages_of_their_own_and_a_long_one_takes_two():
    long = letter()
    long = Letter(long.to, Written("en", "Long", "Words.\n\n" * 30), CODE, LINK, 1)
    assert len(text_of(letter(), long, letter())) == 4


def test_parts_are_joined_in_their_order():
    first = letters.draw(STEP, [letter(firm="First AS")], on=date(2026, 11, 22))
    second = letters.draw(STEP, [letter(firm="Second AS")], on=date(2026, 11, 22))

    whole, pages = letters.join([BytesIO(first), BytesIO(second)])

    assert pages == 2
    texts = [page.extract_text() for page in PdfReader(BytesIO(whole)).pages]
    assert ["First AS" in texts[0], "Second AS" in texts[1]] == [True, True]


def test_a_name_that_stands_twice_is_written_once():
    [text] = text_of(letter(firm="One AS", person="One AS"))
    assert text.count("One AS") == 1
