from django.db import models


class Contributor(models.Model):
    """A person of the firm who answers beside the one who holds the access code.

    A colleague sees the sections named in `sections`; a sharer sees all; the successor
    takes over. The link is known by its hash, is good until `expires_at` and admits once
    its owner has accepted it.
    """

    class Role(models.TextChoices):
        SECTION = "section", "Answers some sections"
        WHOLE = "whole", "Answers everything"
        SUCCESSOR = "successor", "Takes over"

    case = models.ForeignKey("surveys.Case", on_delete=models.CASCADE, related_name="contributors")
    role = models.CharField(max_length=10, choices=Role)
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField()
    sections = models.JSONField(default=list)
    link_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["invited_at", "pk"]

    def __str__(self) -> str:
        return self.name or self.email
