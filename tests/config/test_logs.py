"""Logs hold neither access codes nor answers."""

import logging
import sys

import pytest

from config import logs


def written(message: str, *arguments: object, error: BaseException | None = None) -> str:
    """The line that a handler would write."""
    trace = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("milieu", logging.ERROR, __file__, 1, message, arguments, trace)
    return logs.DiscreetFormatter("%(levelname)s %(message)s").format(record)


@pytest.mark.parametrize(
    "path",
    [
        "/answer/7K3F92QX0000000000000000000/",
        "/answer/7K3F92QX0000000000000000000",
        "https://milieu.example.org/answer/7K3F92QX0000000000000000000/?next=x",
    ],
)
def test_an_access_code_in_a_path_is_not_written(path: str) -> None:
    line = written("Not Found: %s", path)

    assert "7K3F" not in line
    assert "/answer/…" in line


def test_the_words_of_an_exception_are_not_written_but_its_kind_and_place_are() -> None:
    def parse(answer: str) -> int:
        return int(answer)

    try:
        parse("35 thousand of turnover")
    except ValueError:
        line = written("Internal Server Error: %s", "/firm/x/", error=sys.exc_info()[1])

    assert "turnover" not in line
    assert "builtins.ValueError" in line
    assert "in parse" in line


def test_an_exception_behind_an_exception_is_written_without_its_words() -> None:
    try:
        try:
            int("secret answer")
        except ValueError as cause:
            raise KeyError("another answer") from cause
    except KeyError:
        line = written("failed", error=sys.exc_info()[1])

    assert "answer" not in line
    assert "KeyError" in line
    assert "ValueError" in line


def test_a_line_break_in_a_value_makes_no_second_line() -> None:
    line = written("Login of %s", "eve\nERROR forged line")

    assert line == "ERROR Login of eve\\nERROR forged line"


def test_nothing_is_mailed_and_everything_goes_one_way() -> None:
    configuration = logs.configuration("INFO")

    assert list(configuration["handlers"]) == ["console"]
    assert configuration["loggers"]["django"]["handlers"] == []
