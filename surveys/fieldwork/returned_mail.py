"""What comes back to the sender's mailbox: reports of delivery and complaints, read by machine.

Delivery reports are those of RFC 3464, whose status codes RFC 3463 defines; complaints are
those of RFC 5965 (ARF). Everything else, such as an answer that a person or an absence notice
wrote, is no report.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from typing import Literal

Refusal = Literal["address", "later", "ours", "message"]
Kind = Literal["hard", "soft", "complaint", "delivered", "delayed"]

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,190}>")
_COMPLAINTS = frozenset({"abuse", "fraud", "other", "virus"})
# Of the sender's own address (RFC 3463, 3.2).
_OF_THE_SENDER = frozenset({("1", "7"), ("1", "8")})
# The address does not exist, or takes nothing any more (RFC 3463, 3.2 and 3.3).
_OF_THE_ADDRESS = frozenset({("1", None), ("2", "0"), ("2", "1"), ("0", None)})
# Replies to RCPT that speak of the mailbox where no status says more (RFC 5321, 4.2.3).
_OF_THE_MAILBOX = frozenset({550, 551, 553})
_MAILBOX_FULL = 552
_PERMANENT = 500
_WORDS_OF_THE_SENDER = re.compile(r"relay|authenticat|sender|log ?in", re.IGNORECASE)
_WORDS_OF_A_POLICY = re.compile(r"spam|block|polic|denied|blacklist|reputation", re.IGNORECASE)
_WORST: tuple[Kind, ...] = ("hard", "soft", "delivered", "delayed")


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says of one message of ours.

    `message_id` is that of the message which was sent; empty if the report does not quote it.
    `own_id` tells the report itself from others. `code` is the status, such as 5.1.1.
    """

    kind: Kind
    message_id: str
    own_id: str
    code: str = ""


def read(raw: bytes) -> Report | None:
    """The report in a message; None if it is none. Raises nothing, whatever the bytes are."""
    message = message_from_bytes(raw)
    own = _message_id(message)
    for part in _parts(message):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            found = _delivery(part)
            return found and Report(found[0], _original(message), own, found[1])
        if kind == "message/feedback-report":
            return _complaint(part, message, own)
    return None


def is_hard(status: str) -> bool:
    """Whether an address with that status need not be tried again.

    Permanent is 5 at the front. A full mailbox, a filter or a fault on the way says nothing of
    the address, though the message is lost all the same.
    """
    match = _STATUS.search(status)
    if match is None or match[1] != "5" or match.group(2, 3) in _OF_THE_SENDER:
        return False
    return bool({(match[2], None), (match[2], match[3])} & _OF_THE_ADDRESS)


def refusal(code: int, words: str, *, of_recipient: bool) -> Refusal:
    """What a mail server's refusal of a message speaks of (RFC 5321, 4.2; RFC 3463).

    address: that mailbox takes nothing, and need not be tried again. later: not now, such as a
    full mailbox. ours: this site may not send by that server, whoever the message is for.
    message: this message, for good, which says nothing of the address. Where the reply has no
    status, only one to the recipient itself can speak of the address.
    """
    status = _STATUS.search(words)
    is_full = code == _MAILBOX_FULL and (status is None or status[2] == "2")
    if code < _PERMANENT or is_full or (status is not None and status.group(2, 3) == ("2", "2")):
        return "later"
    if status is not None and status[2] not in "07":
        if status.group(2, 3) in _OF_THE_SENDER:
            return "ours"
        return "address" if is_hard(status[0]) else "message"
    if _WORDS_OF_THE_SENDER.search(words):
        return "ours"
    is_of_policy = (status is not None and status[2] == "7") or _WORDS_OF_A_POLICY.search(words)
    return "address" if of_recipient and code in _OF_THE_MAILBOX and not is_of_policy else "message"


def status_of(words: str) -> str:
    """The enhanced status in a reply, such as 5.1.1; empty if there is none."""
    match = _STATUS.search(words)
    return match[0] if match else ""


def has_status(text: str) -> bool:
    return _STATUS.search(text) is not None


def _parts(message: Message) -> Iterator[Message]:
    """Parts that stand in the report itself, not in the message that it quotes."""
    yield message
    if message.get_content_maintype() != "multipart":
        return
    payload = message.get_payload()
    for part in payload if isinstance(payload, list) else ():
        if isinstance(part, Message):
            yield from _parts(part)


def _delivery(part: Message) -> tuple[Kind, str] | None:
    """The worst of what the report says of its recipients; None if it says nothing."""
    payload = part.get_payload()
    blocks = payload if isinstance(payload, list) else []
    found: dict[Kind, str] = {}
    for block in blocks:
        if isinstance(block, Message) and "Action" in block:
            status = _STATUS.search(str(block.get("Status", "")))
            code = status[0] if status else ""
            found.setdefault(_kind(str(block["Action"]).strip().lower(), code), code)
    worst = next((kind for kind in _WORST if kind in found), None)
    return None if worst is None else (worst, found[worst])


def _kind(action: str, code: str) -> Kind:
    if action == "delayed":
        return "delayed"
    if action in ("delivered", "relayed", "expanded"):
        return "delivered"
    return "hard" if is_hard(code) else "soft"


def _complaint(part: Message, message: Message, own: str) -> Report | None:
    payload = part.get_payload()
    if isinstance(payload, list):  # the fields of a report are headers of the part in it
        fields = payload[0] if payload and isinstance(payload[0], Message) else Message()
    else:
        fields = message_from_string(str(payload))
    told = str(fields.get("Feedback-Type", "")).strip().lower()
    if told not in _COMPLAINTS:
        return None
    return Report("complaint", _original(message), own, told)


def _original(message: Message) -> str:
    """The Message-ID of the message that the report quotes, whole or its headers only."""
    for part in _parts(message):
        kind = part.get_content_type()
        payload = part.get_payload()
        if kind == "message/rfc822" and isinstance(payload, list) and payload:
            quoted = payload[0]
        elif kind in ("text/rfc822-headers", "message/rfc822-headers", "text/rfc822"):
            text = payload if isinstance(payload, str) else "".join(str(each) for each in payload)
            quoted = message_from_string(text.lstrip("\r\n"))
        else:
            continue
        if isinstance(quoted, Message) and (found := _message_id(quoted)):
            return found
    return ""


def _message_id(message: Message) -> str:
    match = _MESSAGE_ID.search(str(message.get("Message-ID", "")))
    return match[0] if match else ""
