from django.db import models


class InstrumentDraft(models.Model):
    """An instrument in the making: the authored document as it stands now.

    `revision` grows with every change, so that two authors do not overwrite each other.
    """

    survey = models.ForeignKey(
        "surveys.Survey", on_delete=models.CASCADE, related_name="instrument_drafts"
    )
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    document = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    based_on = models.ForeignKey(
        "surveys.Instrument", on_delete=models.SET_NULL, null=True, blank=True
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("surveys.User", on_delete=models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ["-changed_at"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "slug"], name="one_draft_a_slug"),
        ]

    def __str__(self) -> str:
        return self.title


class DraftRevision(models.Model):
    """The document before a change, and what the change was, so that it can be undone."""

    draft = models.ForeignKey(InstrumentDraft, on_delete=models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField()
    document = models.JSONField()
    change = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey("surveys.User", on_delete=models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "revision"], name="one_step_a_revision"),
        ]
