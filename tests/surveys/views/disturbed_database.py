"""Something happens at the database while a page is saved."""

from collections.abc import Callable
from typing import Any

from django.db import OperationalError


class AtTheDatabase:
    """Does something just before the first statements that contain a phrase are executed."""

    def __init__(self, phrase: str, action: Callable[[], object], times: int = 1) -> None:
        self.phrase, self.action, self.left = phrase, action, times

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.phrase in sql and self.left:
            self.left -= 1
            self.action()
        return execute(sql, params, many, context)


def locked() -> None:
    raise OperationalError("database is locked")
