"""Sample plans that commands are given as files, and the words of what is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from surveys.actions.samples import DrawRefused
from surveys.management.instrument_files import text_of
from surveys.questionnaire import InstrumentErrors
from surveys.questionnaire.reading import read_document
from surveys.sampling import SamplingRefused
from surveys.sampling.designs import DesignErrors

LONGEST = 2_000_000


def plan_document(path: Path, seed: int | None) -> dict[str, Any]:
    """The plan in a JSON or YAML file; a seed that is given takes the place of its own."""
    try:
        document = read_document(text_of(path, LONGEST))
    except InstrumentErrors as error:
        raise CommandError("\n".join(str(problem) for problem in error.problems)) from None
    return document if seed is None else {**document, "seed": seed}


@contextmanager
def told_as_errors() -> Iterator[None]:
    """Refusals of a plan or draw as CommandError."""
    try:
        yield
    except DesignErrors as error:
        lines = [f"  [{problem.code}] {problem}" for problem in error.problems]
        raise CommandError("\n".join(["The plan has problems:", *lines])) from None
    except (DrawRefused, SamplingRefused) as refusal:
        raise CommandError(str(refusal)) from None
