from django.db import models


class AccessAttempts(models.Model):
    """Refused access codes of one network address in one span of time.

    A row in the database, so that all processes and machines count together. The address
    is kept as a keyed hash only, and rows are dropped when their span is over.
    """

    address_hash = models.CharField(max_length=64)
    span = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "access attempts"
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash", "span", "ends_at"], name="one_count_an_address_and_span"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at:%H:%M}"
