"""Refusals: why a plan, a data set or an estimate cannot be had, in a researcher's words."""

from typing import Any


class Refusal(Exception):
    """Something that cannot be computed honestly.

    Attributes
    ----------
    code : str
        Stable name, such as ``separation`` or ``unknown_term``.
    message : str
        What, where, and what was found: a sentence a researcher understands.
    remedy : str
        The way out.
    """

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.code = code
        self.message = message
        self.remedy = remedy

    def document(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "remedy": self.remedy}
