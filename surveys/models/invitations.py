from django.db import models


class Invitation(models.Model):
    """An access code of one case. Only its keyed hash is kept.

    `hint` is the first four characters, enough for a help line to recognise a letter.
    """

    case = models.ForeignKey("surveys.Case", on_delete=models.CASCADE, related_name="invitations")
    code_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    first_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-issued_at"]

    def __str__(self) -> str:
        return f"{self.hint}…"
