"""Code lists by name and version: those that come with the platform, then those of surveys."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db.models import QuerySet

from surveys.models import CodeList as KeptList
from surveys.models import Survey
from surveys.questionnaire.code_lists import CodeList, ListedCode

_SHIPPED = Path(__file__).resolve().parent.parent / "code_lists"
_KEPT = 64


@dataclass(frozen=True, slots=True)
class Source:
    """A shipped list: where it comes from, and under which terms."""

    name: str
    version: str
    title: str
    source: str
    licence: str
    attribution: str


def find(name: str, version: str) -> CodeList | None:
    """The list of that name and version, or None; shipped lists come before uploaded ones.

    Every list is made once per process, so that its index for searching is made once.
    """
    if (name, version) in sources():
        return _shipped(name, version)
    kept = KeptList.objects.filter(name=name, version=version)
    fingerprint = kept.values_list("fingerprint", flat=True).first()
    return None if fingerprint is None else _uploaded(name, version, fingerprint)


@lru_cache(maxsize=1)
def sources() -> dict[tuple[str, str], Source]:
    """The shipped lists by name and version."""
    with (_SHIPPED / "sources.csv").open(encoding="utf-8", newline="") as file:
        return {(line["name"], line["version"]): Source(**line) for line in csv.DictReader(file)}


def of_survey(survey: Survey) -> QuerySet[KeptList]:
    """The lists that the survey brought along, without their codes."""
    return KeptList.objects.filter(survey=survey).select_related("uploaded_by").defer("codes")


def is_open_to(survey: Survey, name: str, version: str) -> bool:
    """Whether the list comes with the platform or belongs to the survey."""
    own = KeptList.objects.filter(survey=survey, name=name, version=version)
    return (name, version) in sources() or own.exists()


@lru_cache(maxsize=_KEPT)
def _shipped(name: str, version: str) -> CodeList:
    with (_SHIPPED / f"{name}-{version}.csv").open(encoding="utf-8", newline="") as file:
        codes = tuple(ListedCode(**line) for line in csv.DictReader(file))
    return CodeList(name, version, sources()[name, version].title, codes)


@lru_cache(maxsize=_KEPT)
def _uploaded(name: str, version: str, fingerprint: str) -> CodeList:
    """The uploaded list; `fingerprint` tells one from another of the same name and version."""
    kept = KeptList.objects.get(name=name, version=version, fingerprint=fingerprint)
    return CodeList(name, version, kept.title, tuple(ListedCode(**code) for code in kept.codes))
