from django.db import models
from django.db.models import Q


class ContactStep(models.Model):
    """One step of a wave's contact protocol: what goes out when, how and to whom.

    It is due `offset_days` after the start or the end of the field (before it if negative),
    or `on` a date. `audience` says which cases: their standing, strata, least priority.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", "Invitation"
        NUDGE = "nudge", "Nudge before the due date"
        REMINDER = "reminder", "Reminder"
        LAST_CALL = "last_call", "Last call"
        THANK_YOU = "thank_you", "Thank-you"

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        LETTER = "letter", "Letter"
        PHONE = "phone", "Phone list"

    class DayFrom(models.TextChoices):
        START = "start", "Start of the field"
        END = "end", "End of the field"

    wave = models.ForeignKey("surveys.Wave", on_delete=models.CASCADE, related_name="contact_steps")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    channel = models.CharField(max_length=10, choices=Channel)
    day_from = models.CharField(max_length=5, choices=DayFrom, default=DayFrom.START)
    offset_days = models.IntegerField(default=0)
    on = models.DateField(null=True, blank=True)
    audience = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.get_channel_display().lower()}"


class ContactTemplate(models.Model):
    """The words of a step in one language, with fills in their text."""

    step = models.ForeignKey(
        ContactStep, on_delete=models.CASCADE, related_name="templates", db_index=False
    )
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(fields=["step", "language"], name="one_template_a_language"),
        ]

    def __str__(self) -> str:
        return self.subject or self.language


class ContactAttempt(models.Model):
    """One contact with one case: at most once a step, however often a worker is started.

    The constraint on case and step is what keeps a firm from getting a letter twice. An
    attempt without a step is one that a person made beside the protocol. Of the address
    only the keyed hash is kept, by which a bounce that comes late is told from a new address.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        DELIVERED = "delivered", "Delivered"
        BOUNCED = "bounced", "Bounced"
        COMPLAINED = "complained", "Complained of"
        FAILED = "failed", "Failed"
        SKIPPED = "skipped", "Skipped"
        PRINTED = "printed", "Printed"
        CALLED = "called", "Called"

    case = models.ForeignKey(
        "surveys.Case", on_delete=models.CASCADE, related_name="contact_attempts"
    )
    # A step by which firms were contacted stays, unless its whole wave goes.
    step = models.ForeignKey(
        ContactStep,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="attempts",
        db_index=False,
    )
    channel = models.CharField(max_length=10, choices=ContactStep.Channel)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # A mail server that cannot take a message now is asked again, later each time.
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    # The access code that went out with it, so that it can be revoked if it reached nobody.
    invitation = models.ForeignKey(
        "surveys.Invitation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # The letters that were asked for together become one file.
    mailing = models.ForeignKey(
        "surveys.Mailing",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="attempts",
    )
    message_id = models.CharField(max_length=200, blank=True)
    address_hash = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=30, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(
        "surveys.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["queued_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step"],
                condition=Q(step__isnull=False),
                name="one_attempt_a_case_and_step",
            ),
        ]
        indexes = [
            models.Index(fields=["step", "state"], name="attempt_step_state_idx"),
            models.Index(fields=["message_id"], name="attempt_message_idx"),
            # What waits is little beside what was sent: a sweep reads this index only.
            models.Index(
                fields=["state", "claimed_at"],
                condition=Q(state__in=["queued", "sending"]),
                name="attempt_waiting_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.get_state_display().lower()}"


class Suppression(models.Model):
    """An address, or a firm, that must not be written to any more; honoured for ever.

    The address is kept as a keyed hash only. A firm that is not to be contacted at all is
    named by `enterprise`, with or without an address.
    """

    class Reason(models.TextChoices):
        OPT_OUT = "opt_out", "Opted out"
        BOUNCE = "bounce", "Cannot be delivered"
        COMPLAINT = "complaint", "Complained"
        DO_NOT_CONTACT = "do_not_contact", "Not to be contacted"

    survey = models.ForeignKey(
        "surveys.Survey", on_delete=models.CASCADE, related_name="suppressions"
    )
    address_hash = models.CharField(max_length=64, blank=True)
    enterprise = models.ForeignKey(
        "surveys.Enterprise",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="suppressions",
    )
    reason = models.CharField(max_length=20, choices=Reason)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "address_hash", "reason"],
                condition=~Q(address_hash=""),
                name="one_suppression_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class SendingMinute(models.Model):
    """How many e-mails of one minute have been given out to workers, over all of them."""

    minute = models.DateTimeField(unique=True)
    taken = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.taken} at {self.minute:%H:%M}"
