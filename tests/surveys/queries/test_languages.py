import pytest

from surveys.models import CaseEvent, Survey
from surveys.queries.cases import timeline
from surveys.queries.languages import language_name
from tests.factories import NOON, make_case, make_stratum, make_wave


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("en", "English"),
        ("nb", "Norwegian Bokmål"),
        ("en-GB", "British English"),
        ("de-AT", "German (de-AT)"),
        ("tlh", "tlh"),
        ("", ""),
    ],
)
def test_a_language_is_called_by_its_name(tag: str, name: str) -> None:
    assert language_name(tag) == name


def test_the_history_of_a_case_names_the_language_that_was_chosen(survey: Survey) -> None:
    wave = make_wave(survey)
    case = make_case(wave, make_stratum(wave))
    CaseEvent.objects.create(case=case, kind="language_chosen", at=NOON, detail={"language": "nb"})

    assert [each.sentence for each in timeline(case)] == ["Language changed to Norwegian Bokmål"]
