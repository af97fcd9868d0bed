from django.db import models

from surveys.fieldwork.paradata import MILESTONES


class CaseEvent(models.Model):
    """Paradata: what happened to a case. Append-only, and never an answer.

    Kinds are declared in `fieldwork.paradata`. `by` is the person of the institute, if it was
    one; the case's disposition is derived from this history.
    """

    case = models.ForeignKey(
        "surveys.Case", on_delete=models.CASCADE, related_name="events", db_index=False
    )
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(
        "surveys.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["case", "at"], name="case_event_history_idx"),
            # Milestones are few beside the pages: the newest of a wave are read from here.
            models.Index(
                fields=["-at", "-id"],
                condition=models.Q(kind__in=MILESTONES),
                name="case_event_milestone_idx",
            ),
        ]


class AuditEvent(models.Model):
    """What a person of the institute did."""

    user = models.ForeignKey("surveys.User", on_delete=models.SET_NULL, null=True, blank=True)
    survey = models.ForeignKey("surveys.Survey", on_delete=models.CASCADE, null=True, blank=True)
    action = models.CharField(max_length=60)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "pk"]
