"""Paradata: what the events of a case mean, in words."""

from collections.abc import Mapping
from typing import Any

_SENTENCES = {
    "access_issued": "Access code {hint}… issued",
    "access_revoked": "Access code {hint}… revoked",
    "admitted": "Opened with access code {hint}…",
    "begun": "Questionnaire begun",
    "page_saved": "Page “{page}” saved",
    "page_conflict": "Two people changed page “{page}”; one was asked to compare",
    "submitted": "Submitted",
    "reopened": "Reopened for changes",
    "left": "Left; answers kept",
    "disposition": "Disposition {before} → {after}",
    "field_closed": "Field closed: {before} → {after}",
}


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def describe(kind: str, detail: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """One event as a sentence; a kind that has none is shown by its name.

    `words` names the dispositions. A person's note, and who made it, follow.
    """
    sentence = _SENTENCES.get(kind, kind.replace("_", " ").capitalize())
    known = _Known(detail)
    for key in ("before", "after"):
        if key in known:
            known[key] = words.get(known[key], known[key])
    told = sentence.format_map(known)
    extras = [str(known[key]) for key in ("note", "by") if known.get(key)]
    return f"{told} ({', '.join(extras)})" if extras else told
