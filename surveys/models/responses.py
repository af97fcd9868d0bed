from django.db import models
from django.db.models import Q


class Response(models.Model):
    """The answers of one case: one document, with a revision.

    `mode` says how they came: by the firm itself on the web, or put in for it after a call
    or from paper; a saved page keeps in `by` who of the institute put it in.

    `page_revisions` tells for every saved page the revision at which it was last written,
    so that two people who save different pages do not collide and two who save the same
    page do; under ``?page`` the one that changed numbers which the page plays back.
    `edit_decisions` keeps what the firm said to each soft edit, `prior_flags` what
    became of last wave's answer of each item (``confirmed``, ``changed``, ``not_shown``),
    `sign_offs` who signed which section off, `layouts` how each battery was shown.
    """

    class Mode(models.TextChoices):
        WEB = "web", "The firm on the web"
        PHONE = "phone", "By telephone"
        PAPER = "paper", "On paper"

    case = models.OneToOneField("surveys.Case", on_delete=models.CASCADE, related_name="response")
    answers = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    page_revisions = models.JSONField(default=dict)
    edit_decisions = models.JSONField(default=dict)
    prior_flags = models.JSONField(default=dict)
    sign_offs = models.JSONField(default=dict)
    layouts = models.JSONField(default=dict)
    language = models.CharField(max_length=10, blank=True)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.WEB)
    feedback = models.JSONField(default=dict)
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
    contributor = models.ForeignKey(
        "surveys.Contributor", on_delete=models.SET_NULL, null=True, blank=True
    )
    by = models.ForeignKey(
        "surveys.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["revision"]
        constraints = [
            models.UniqueConstraint(fields=["response", "revision"], name="one_page_a_revision"),
        ]


class PageDraft(models.Model):
    """What was typed on an open page and not saved yet, as the browser would send it.

    It is what the person comes back to on any device; saving the page removes it. `entry`
    names the entry of a roster, empty elsewhere.
    """

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="page_drafts")
    page = models.CharField(max_length=80)
    entry = models.CharField(max_length=20, blank=True)
    typed = models.JSONField()
    built_on = models.PositiveIntegerField()
    kept_at = models.DateTimeField()
    contributor = models.ForeignKey(
        "surveys.Contributor", on_delete=models.SET_NULL, null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["response", "page", "entry"], name="one_draft_a_page_and_entry"
            ),
        ]
