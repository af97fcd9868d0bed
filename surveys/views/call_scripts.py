"""What to say in a call: the words of the step that put the firm on the phone list."""

from surveys.actions.messages import NO_WORKING_CODE, NoPublicAddress, Written, write
from surveys.models import Case, ContactStep
from surveys.queries.contacts import dry_run


def script_for(case: Case) -> Written | None:
    """The latest step by telephone with words, for this firm; None where there is none."""
    steps = ContactStep.objects.filter(
        channel=ContactStep.Channel.PHONE, attempts__case=case, templates__isnull=False
    )
    step = (
        steps.select_related("wave__survey", "wave__instrument")
        .prefetch_related("templates")
        .order_by("-attempts__queued_at", "-pk")
        .first()
    )
    if step is None:
        return None
    found = dry_run(step, only=[case.pk])
    recipient = next(iter([*found.who, *(who for who, _ in found.left_out)]))
    try:
        return write(step, recipient, code=NO_WORKING_CODE)
    except NoPublicAddress:
        return None
