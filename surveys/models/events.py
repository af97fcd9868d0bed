from django.db import models


class CaseEvent(models.Model):
    """Paradata: what happened to a case. Append-only, and never an answer."""

    case = models.ForeignKey("surveys.Case", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "pk"]


class AuditEvent(models.Model):
    """What a person of the institute did."""

    user = models.ForeignKey("surveys.User", on_delete=models.SET_NULL, null=True, blank=True)
    survey = models.ForeignKey("surveys.Survey", on_delete=models.CASCADE, null=True, blank=True)
    action = models.CharField(max_length=60)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "pk"]
