from django.db import models
from django.db.models import Q


class OfficeReview(models.Model):
    """What the institute said to a response that was handed in. Append-only; the last counts."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        RETURNED = "returned", "Returned to the firm"

    response = models.ForeignKey(
        "surveys.Response", on_delete=models.CASCADE, related_name="reviews"
    )
    verdict = models.CharField(max_length=10, choices=Verdict)
    comment = models.TextField(blank=True)
    by = models.ForeignKey("surveys.User", on_delete=models.SET_NULL, null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.get_verdict_display()


class AnswerEdit(models.Model):
    """An answer that the institute changed, with the reason. Append-only.

    `before` and `after` are null where there is no answer; `entry` names the entry of a
    roster, empty elsewhere.
    """

    response = models.ForeignKey(
        "surveys.Response", on_delete=models.CASCADE, related_name="answer_edits"
    )
    page = models.CharField(max_length=80)
    entry = models.CharField(max_length=20, blank=True)
    item = models.CharField(max_length=80)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    reason = models.TextField()
    by = models.ForeignKey("surveys.User", on_delete=models.SET_NULL, null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="an_edit_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.page}: {self.item}"
