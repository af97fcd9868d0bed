"""What is wrong with the document of a sample plan: every problem with its place and remedy."""

from dataclasses import dataclass

CATALOGUE: dict[str, str] = {
    "wrong_shape": "A list, a mapping, a text or a number stands where another is expected.",
    "missing_key": "A key that is needed is not there.",
    "unknown_key": "A key that a sample plan does not know, or that this method does not use.",
    "unknown_value": "A text that is none of those possible here.",
    "bad_number": "A number that is not whole, out of range or out of order.",
    "named_twice": "One name stands twice in a list.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: its code, where it is, what is wrong and the way out."""

    code: str
    where: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message} {self.remedy}"


class DesignErrors(Exception):
    """All problems of one plan."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
