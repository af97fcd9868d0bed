"""What may be written to a log: never an access code, never an answer."""

import logging
import re
import traceback
from types import TracebackType

_CODE_IN_PATH = re.compile(r"(/answer/)[^/\s?\"']+")
_Exception = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


def without_codes(text: str) -> str:
    """The text with every access code in a path replaced by dots."""
    return _CODE_IN_PATH.sub(r"\1…", text)


class DiscreetFormatter(logging.Formatter):
    """One line a record; an exception as its type and the places it passed, without its words.

    The message of an exception often quotes the value that caused it ("invalid literal:
    '35000'", "Key (…)=(…) already exists"), and that value may be a firm's answer.
    """

    def format(self, record: logging.LogRecord) -> str:
        return without_codes(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- logging names it
        record.message = record.message.replace("\r", "\\r").replace("\n", "\\n")
        return super().formatMessage(record)

    def formatException(self, ei: _Exception) -> str:  # noqa: N802 -- logging names it
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            kind = type(error)
            lines.append(f"{kind.__module__}.{kind.__qualname__}")
            lines += [
                f"  {frame.filename}:{frame.lineno} in {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


def configuration(level: str) -> dict[str, object]:
    """Everything goes to standard error. Nothing is mailed: mails would quote requests."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "discreet": {
                "()": "config.logs.DiscreetFormatter",
                "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
            }
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "discreet"},
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
        },
    }
