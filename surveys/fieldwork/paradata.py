"""Paradata: the kinds of events of a case, what they mean, and what is read of a page's visit.

Nothing here is an answer: changes are counted by item, never told by value, and of the
browser only the class of its device is kept.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

Device = Literal["phone", "tablet", "desktop", "unknown"]

GAP_SECONDS = 15 * 60
_LONGEST = 7 * 24 * 3600
_MOST = 10_000
_WHOLE = re.compile(r"[0-9]{1,10}")


_CALL = ("call",)


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event: a sentence for its page, what it means, and its exported details."""

    sentence: str
    meaning: str
    details: tuple[str, ...] = ()


EVENT_KINDS: Mapping[str, EventKind] = {
    "access_issued": EventKind("Access code {hint}… issued", "An access code was made"),
    "access_revoked": EventKind("Access code {hint}… revoked", "An access code was withdrawn"),
    "admitted": EventKind("Opened with access code {hint}…", "A browser came in with a code"),
    "begun": EventKind("Questionnaire begun", "The first answer or draft of the firm"),
    "page_left": EventKind(
        "Page “{page}” open for {open} s",
        "A page was entered and left, by saving it or otherwise",
        (
            "page", "entry", "entered", "open", "visible", "hidden", "gaps", "changes", "how",
            "device", "language", "mode",
        ),
    ),
    "page_saved": EventKind(
        "Page “{page}” saved",
        "A page was written; `edits` says of each soft edit whether the firm let it stand, "
        "`share` how much of the key items is answered since",
        ("page", "revision", "edits", "share", "mode"),
    ),
    "answers_refused": EventKind(
        "Page “{page}” sent back: {count} answers to correct",
        "A hard edit or the check of an item held a page up",
        ("page", "entry", "items"),
    ),
    "edits_asked": EventKind(
        "Page “{page}”: asked to confirm {count} answers",
        "Soft edits spoke and the firm was asked",
        ("page", "entry", "edits"),
    ),
    "page_conflict": EventKind(
        "Two people changed page “{page}”; one was asked to compare",
        "A page had been saved by someone else meanwhile",
        ("page",),
    ),
    "language_chosen": EventKind(
        "Language changed to {language}", "The firm switched the language", ("language",)
    ),
    "submitted": EventKind(
        "Submitted", "The questionnaire was handed in", ("revision", "mode")
    ),
    "filling_in_begun": EventKind(
        "Opened to be filled in for the firm",
        "A person of the institute began to fill in what the firm says at the telephone",
        ("mode",),
    ),
    "reopened": EventKind("Reopened for changes", "The institute let the firm change it again"),
    "left": EventKind("Left; answers kept", "The firm signed out"),
    "colleague_invited": EventKind(
        "A colleague was invited", "A link was sent to a colleague", ("role", "sections")
    ),
    "colleague_reminded": EventKind(
        "A colleague got a new link", "A new link was sent to a colleague", ("role", "sections")
    ),
    "colleague_accepted": EventKind(
        "A colleague opened the link", "A colleague came in with a link", ("role", "sections")
    ),
    "colleague_withdrawn": EventKind(
        "The access of a colleague was ended", "A link was withdrawn", ("role", "sections")
    ),
    "responsibility_transferred": EventKind(
        "Handed over to a successor", "A colleague took over the questionnaire", ("role",)
    ),
    "section_signed_off": EventKind(
        "Section “{section}” signed off", "A colleague said that a section is right", ("section",)
    ),
    "sign_off_withdrawn": EventKind(
        "Section “{section}” not signed off any more", "A sign-off was taken back", ("section",)
    ),
    "section_uploaded": EventKind(
        "Section “{section}” uploaded as a spreadsheet",
        "Answers came in a spreadsheet",
        ("section", "pages"),
    ),
    "receipt_sent": EventKind("Receipt sent by e-mail", "The firm had the receipt sent"),
    "feedback_given": EventKind(
        "Time and remarks given", "The firm said how long it took, or wrote a remark"
    ),
    "disposition": EventKind(
        "Disposition {before} → {after}", "A person recorded an outcome", ("before", "after")
    ),
    "invited": EventKind("Invitation sent by {channel}", "A first contact went out", ("channel",)),
    "reminded": EventKind(
        "{step} sent by {channel}", "A further contact went out", ("step", "channel")
    ),
    "thanked": EventKind("Thanked by {channel}", "Thanks for a submission went out", ("channel",)),
    "opted_out": EventKind(
        "An address of the firm opted out", "No more messages to the address that was written to"
    ),
    "bounced": EventKind(
        "A message came back undelivered", "The address does not take mail", ("channel",)
    ),
    "bounced_for_now": EventKind(
        "A message did not get through this time",
        "A full mailbox, a filter or a fault on the way; the address stays",
        ("step", "channel"),
    ),
    "complained": EventKind(
        "Complained of a message", "The receiver called it unwanted", ("step", "channel")
    ),
    "contact_corrected": EventKind(
        "The contact was corrected", "A new contact; a bounce or a wrong contact counts no more"
    ),
    "wrong_contact": EventKind(
        "The contact does not belong to the firm", "Who was reached is not of the firm", _CALL
    ),
    "phone_listed": EventKind("Put on the phone list", "The firm is to be called"),
    "phone_no_answer": EventKind("Called, no answer", "Nobody took up the telephone", _CALL),
    "phone_busy": EventKind("Called, busy", "The line was busy", _CALL),
    "phone_voicemail": EventKind("Called, a machine answered", "A machine took the call", _CALL),
    "phone_call_back": EventKind(
        "Called, to be called back on {call_back}",
        "Somebody said when to call again",
        (*_CALL, "call_back"),
    ),
    "phone_wrong_number": EventKind(
        "Called, wrong number", "The number does not belong to the firm", _CALL
    ),
    "phone_completed": EventKind(
        "Answered at the telephone", "The answers were given in a call and handed in", _CALL
    ),
    "phone_reached": EventKind("Called and reached", "Somebody of the firm was spoken to", _CALL),
    "phone_promised": EventKind(
        "Called, an answer was promised", "The firm said it would answer", _CALL
    ),
    "unavailable": EventKind(
        "Nobody available during the field period", "Who could answer is away until the end", _CALL
    ),
    "given_up": EventKind(
        "Nobody reached, not tried any more", "All attempts were in vain", _CALL
    ),
    "unable": EventKind(
        "Reached, not able to answer", "The firm cannot give what is asked", _CALL
    ),
    "language_barrier": EventKind(
        "Reached, no language in common", "No language to ask in", _CALL
    ),
    "reached_again": EventKind(
        "Can be reached after all",
        "Nobody there, nobody reached, unable or no language counts no more",
    ),
    "refused": EventKind("Refused", "The firm said that it does not take part", _CALL),
    "refusal_withdrawn": EventKind("Refusal taken back", "The firm takes part after all"),
    "out_of_business": EventKind("Out of business", "The firm has closed", _CALL),
    "merged": EventKind("Merged into another firm", "The firm is part of another one now", _CALL),
    "out_of_scope": EventKind(
        "Outside the population", "The firm should not have been drawn", _CALL
    ),
    "duplicate": EventKind("Listed twice on the frame", "Another case is the same firm", _CALL),
    "not_eligible": EventKind(
        "Not eligible for another reason", "The firm does not belong to those asked about", _CALL
    ),
    "found_eligible": EventKind(
        "Found to be eligible after all", "Word that it was not eligible counts no more"
    ),
    "not_to_be_contacted": EventKind(
        "Not to be contacted any more", "The firm asked not to be contacted again"
    ),
    "partial": EventKind(
        "Answers taken over as they stood, {share} of the key items given",
        "Answers that were never handed in, at the close; `share` is that of the key items",
        ("share",),
    ),
    "accepted": EventKind("Answers accepted by the institute", "The office review found no fault"),
    "returned": EventKind(
        "Returned to the firm with a comment", "The office review asked the firm to look again"
    ),
    "answer_edited": EventKind(
        "The institute changed an answer on page “{page}”",
        "An answer was corrected by the institute, with a reason that is kept",
        ("page", "items"),
    ),
    "field_closed": EventKind(
        "Field closed: {before} → {after}", "The wave ended", ("before", "after")
    ),
}  # fmt: skip

MILESTONES = (
    "begun", "submitted", "reopened", "returned", "refused", "refusal_withdrawn", "bounced",
    "complained", "opted_out", "not_to_be_contacted", "wrong_contact", "contact_corrected",
    "responsibility_transferred", "phone_no_answer", "phone_busy", "phone_voicemail",
    "phone_call_back", "phone_wrong_number", "phone_completed", "phone_reached",
    "phone_promised", "unavailable", "given_up", "unable", "language_barrier", "reached_again",
    "out_of_business", "merged", "out_of_scope", "duplicate", "not_eligible", "found_eligible",
    "disposition",
)  # fmt: skip
"""Kinds that say what became of a firm; pages, codes and mailings are told by their numbers."""


@dataclass(frozen=True, slots=True)
class PageVisit:
    """What is known of one visit to a page.

    Attributes
    ----------
    entered : when the page was shown
    open : seconds from showing to leaving, by the server's clock
    visible : seconds during which the page was to be seen; None without a script
    hidden : how often the person went to another tab or program
    gaps : pauses of more than 15 minutes
    changes : how often the answer of each item was changed after it had been given
    """

    entered: datetime
    open: int
    visible: int | None
    hidden: int
    gaps: int
    changes: Mapping[str, int]


def visit_from(
    told: Mapping[str, str], items: Collection[str], now: datetime, changed: Collection[str] = ()
) -> PageVisit | None:
    """The visit that a page's form tells of; None if it does not say when it was shown.

    Whatever a browser sends is bounded; items that are not on the page are left out.
    `changed` are the items whose saved answer the page changes: they stand in for the count
    of a browser without a script.
    """
    entered = _whole(told.get("_entered", ""))
    if entered is None or not 0 <= now.timestamp() - entered <= _LONGEST:
        return None
    seconds = int(now.timestamp() - entered)
    visible = _whole(told.get("_visible", ""))
    gaps = _whole(told.get("_gaps", ""))
    counted = _changes(told.get("_changes", ""), items)
    return PageVisit(
        entered=datetime.fromtimestamp(entered, tz=UTC),
        open=seconds,
        visible=None if visible is None else min(visible, seconds + 1),
        hidden=min(_whole(told.get("_hidden", "")) or 0, _MOST),
        gaps=min(gaps, _MOST) if gaps is not None else int(seconds > GAP_SECONDS),
        changes=counted if visible is not None else dict.fromkeys(sorted(changed), 1),
    )


def device_class(agent: str) -> Device:
    """The class of device behind a user agent; the agent itself is not kept."""
    if not agent:
        return "unknown"
    if re.search(r"iPad|Tablet|PlayBook|Silk|Kindle|Android(?!.*Mobile)", agent):
        return "tablet"
    if re.search(r"iPhone|iPod|Android|Mobile|Windows Phone|BlackBerry", agent):
        return "phone"
    if re.search(r"Windows|Macintosh|X11|Linux|CrOS", agent):
        return "desktop"
    return "unknown"


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def describe(kind: str, detail: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """One event as a sentence; a kind that has none is shown by its name.

    `words` names the dispositions. The number of a call, a person's note, and who made it, follow.
    """
    of_kind = EVENT_KINDS.get(kind)
    sentence = of_kind.sentence if of_kind else kind.replace("_", " ").capitalize()
    known = _Known(detail)
    for key in ("before", "after"):
        if key in known:
            known[key] = words.get(known[key], known[key])
    if isinstance(known.get("share"), float):
        known["share"] = f"{known['share']:.0%}"
    if "call_back" in known:
        known["call_back"] = f"{datetime.fromisoformat(known['call_back']):%-d %b %Y, %H:%M}"
    told = sentence.format_map(known)
    extras = [f"call {known['call']}"] if known.get("call") else []
    extras += [str(known[key]) for key in ("note", "by") if known.get(key)]
    return f"{told} ({', '.join(extras)})" if extras else told


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _changes(text: str, items: Collection[str]) -> dict[str, int]:
    """Counts by item out of JSON that a browser wrote."""
    if len(text) > _MOST:
        return {}
    try:
        read = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(read, dict):
        return {}
    return {
        name: min(count, _MOST)
        for name, count in sorted(read.items())
        if name in items and type(count) is int and count > 0
    }
