"""What a contact that went out is called in the history of its case."""

from surveys.models import ContactStep


def event_of(step: ContactStep, *, was_invited: bool) -> str:
    """The first message that went out invited the firm, whatever its step is called."""
    if step.kind == ContactStep.Kind.THANK_YOU:
        return "thanked"
    return "reminded" if was_invited else "invited"
