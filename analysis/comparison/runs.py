"""Two finished runs side by side: data, plan, code, numbers; as a value, plain data and CSV."""

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from analysis.comparison.changes import (
    Codebook,
    Fact,
    Firms,
    Line,
    Origin,
    Specifications,
    codebook_between,
    facts_of_code,
    facts_of_data,
    firms_between,
    specifications_between,
    text_between,
)
from analysis.comparison.content import contents_of
from analysis.comparison.numbers import Matched, matched_numbers
from analysis.tables.plain_text import neutralised, on_one_line

NOT_TESTED = (
    "The difference is not tested. Both runs rest on firms that are largely the same, or on the "
    "very same ones, so that their estimates are not independent and the standard error of the "
    "difference does not follow from the two standard errors."
)
WAVES_NOT_TESTED = (
    "The difference between waves is not tested here. Firms that answered in both waves make the "
    "estimates dependent; a test needs both waves in one model, such as one of a panel."
)
COLUMNS = (
    "kind", "model", "what", "term", "label", "first", "first_std_error", "second",
    "second_std_error", "difference", "in_std_errors", "change",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """What is read of one run: what it released, and what it kept of where that is from."""

    name: str
    wave: str
    source: str
    estimates: Mapping[str, Any]
    origin: Origin | None
    code_fingerprint: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed from the first run to the second."""

    first: Side
    second: Side
    same_wave: bool
    same_data: bool
    same_plan: bool
    same_code: bool
    data: tuple[Fact, ...]
    firms: Firms | None
    codebook: Codebook | None
    specifications: Specifications
    text: tuple[Line, ...]
    code: tuple[Fact, ...]
    numbers: tuple[Matched, ...]

    @property
    def caution(self) -> str:
        return NOT_TESTED if self.same_wave else WAVES_NOT_TESTED

    @property
    def changed(self) -> int:
        """Numbers of both runs that differ by more than rounding, or that one withholds."""
        return sum(each.changed for each in self.numbers)

    @property
    def alone(self) -> int:
        """Numbers that one run has and the other has not."""
        return sum(each.alone for each in self.numbers)

    @property
    def shared(self) -> int:
        """Numbers that both runs have."""
        return self.total - self.alone

    @property
    def total(self) -> int:
        return sum(len(each.numbers) for each in self.numbers)


def compared(first: Side, second: Side) -> Compared:
    """What changed from the first run to the second. Raises: Refusal if a text is no plan."""
    contents = contents_of(first.source), contents_of(second.source)
    one, other = first.estimates, second.estimates
    same_wave = first.wave == second.wave
    return Compared(
        first=first,
        second=second,
        same_wave=same_wave,
        same_data=one["extract_fingerprint"] == other["extract_fingerprint"],
        same_plan=one["plan"]["fingerprint"] == other["plan"]["fingerprint"],
        same_code=first.code_fingerprint == second.code_fingerprint,
        data=facts_of_data(one["data"], other["data"]),
        firms=firms_between(first.origin, second.origin) if same_wave else None,
        codebook=codebook_between(first.origin, second.origin),
        specifications=specifications_between(*contents),
        text=text_between(first.source, second.source),
        code=facts_of_code(
            (first.code_fingerprint, second.code_fingerprint), first.origin, second.origin
        ),
        numbers=matched_numbers(one, other, (first.source, second.source)),
    )


def document_of(found: Compared, *, with_text: bool) -> dict[str, Any]:
    """The comparison as plain data; the plan's text only for who may read plans."""
    return {
        "first": found.first.name,
        "second": found.second.name,
        "same": {
            "wave": found.same_wave,
            "data": found.same_data,
            "plan": found.same_plan,
            "code": found.same_code,
        },
        "data": [asdict(each) for each in found.data],
        "firms": None if found.firms is None else asdict(found.firms),
        "codebook": None if found.codebook is None else asdict(found.codebook),
        "specifications": asdict(found.specifications),
        "text": [[each.kind, each.text] for each in found.text] if with_text else None,
        "code": [asdict(each) for each in found.code],
        "numbers": [asdict(each) for each in found.numbers],
        "caution": found.caution,
    }


def numbers_csv(found: Compared) -> bytes:
    """A line for each number of either run, in full precision; UTF-8 with a byte order mark."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for matched in found.numbers:
        for each in matched.numbers:
            words = (matched.kind, each.model, each.what, each.term, each.label)
            values = (
                each.first, each.first_error, each.second, each.second_error, each.difference,
                each.in_errors,
            )  # fmt: skip
            writer.writerow(
                [
                    *(neutralised(on_one_line(word)) for word in words),
                    *("" if value is None else repr(value) for value in values),
                    each.change,
                ]
            )
    return file.getvalue().encode("utf-8-sig")
