from django.db import models
from django.db.models import Q


class Response(models.Model):
    """The answers of one case: one document, with a revision.

    `page_revisions` tells for every saved page the revision at which it was last written,
    so that two people who save different pages do not collide and two who save the same
    page do. `edit_decisions` keeps what the firm said to each soft edit.
    """

    case = models.OneToOneField("surveys.Case", on_delete=models.CASCADE, related_name="response")
    answers = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    page_revisions = models.JSONField(default=dict)
    edit_decisions = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | ~Q(reference=""),
                name="a_submitted_response_has_a_reference",
            ),
        ]

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None


class PageVersion(models.Model):
    """What one save of one page wrote; append-only, so that no answer is ever lost."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="page_versions")
    page = models.CharField(max_length=80)
    revision = models.PositiveIntegerField()
    answers = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["revision"]
        constraints = [
            models.UniqueConstraint(fields=["response", "revision"], name="one_page_a_revision"),
        ]
