"""Why a file of another system cannot be read at all."""

from surveys.questionnaire.problems import Problem

CATALOGUE: dict[str, str] = {
    "too_large": "The file, or what it unpacks to, is larger than the limit.",
    "too_deep": "Lists and mappings, or elements, lie deeper in each other than the limit.",
    "too_many": "The file has more questions, codes or conditions than the limit.",
    "not_readable": "The file is not of the format that it is said to be.",
    "unsafe": "The file holds what a questionnaire has no need of, such as external entities.",
    "wrong_shape": "A part of the file is not what its format has in that place.",
    "missing_part": "A part without which the file means nothing is not there.",
    "duplicate_name": "Two parts of the file have one identifier.",
    "unknown_target": "A route, reference or list names a part that is not there.",
    "going_back": "A route leads back to a page before it, so that a firm would go in circles.",
    "unknown_format": "The format of the file cannot be told from its ending.",
}


class UnreadableFile(ValueError):
    """A file that cannot be imported, with every reason."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def unreadable(code: str, where: str, message: str, remedy: str) -> UnreadableFile:
    """The error for a file with this one problem; `code` is one of the catalogue."""
    return UnreadableFile((Problem(code, where, message, remedy),))
