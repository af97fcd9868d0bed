"""Which firms of a wave could not be reached by e-mail, or complained."""

from dataclasses import dataclass

from surveys.models import ContactAttempt, Wave

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class CameBack:
    """Contacts that came back: how many, and the last of them with case and step."""

    number: int
    last: tuple[ContactAttempt, ...]


def came_back(wave: Wave) -> CameBack:
    returned = ContactAttempt.objects.filter(
        case__wave=wave, state__in=["bounced", "complained"]
    ).select_related("case", "step")
    last = returned.defer("message_id", "address_hash").order_by("-claimed_at", "-pk")[:_SHOWN]
    return CameBack(returned.count(), tuple(last))
