from django.db import models


class MailReturn(models.Model):
    """What a mail server or provider told of a message that was sent, seen once.

    `key` is a hash of where it came from and of what identifies it there, so that a report
    delivered twice is told. No address is kept, and no text of the report.
    """

    class Kind(models.TextChoices):
        DELIVERED = "delivered", "Delivered"
        HARD = "hard", "Cannot be delivered"
        SOFT = "soft", "Not delivered this time"
        COMPLAINT = "complaint", "Complained"
        OPT_OUT = "opt_out", "Opted out"

    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    attempt = models.ForeignKey(
        "surveys.ContactAttempt",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="returns",
    )
    code = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.get_kind_display()
