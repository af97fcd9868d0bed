from django.db import models


class Mailing(models.Model):
    """The letters of a step that were asked for at one time, and the PDF they become.

    A worker makes them in batches, each a part of its own, and joins the parts at the end. The
    file holds addresses and access codes: it is handed out by a view that asks for permission,
    never by its address, and goes when the mailing is made anew or forgotten.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a worker"
        MADE = "made", "Made"
        FAILED = "failed", "Broken off"
        FORGOTTEN = "forgotten", "Forgotten"

    step = models.ForeignKey(
        "surveys.ContactStep", on_delete=models.CASCADE, related_name="mailings"
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    # How often a worker took it up since a batch was last kept.
    times_taken_up = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(upload_to="mailings/", max_length=255, blank=True)
    pages = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    by = models.ForeignKey(
        "surveys.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["asked_at", "pk"]

    def __str__(self) -> str:
        return f"{self.total} letters"


class MailingPart(models.Model):
    """Some letters of a mailing, ready: written in the transaction that calls them printed."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="parts")
    file = models.FileField(upload_to="mailings/parts/", max_length=255)
    letters = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.letters} letters"
