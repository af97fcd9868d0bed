from django.db import models

from surveys.models.held_works import Work


class FieldworkSnapshot(models.Model):
    """What takes too long for a page of the fieldwork: computed apart, shown with its time.

    `document` holds how alike firms responded, where they stopped, how long they took and
    which questions they left out; figures of groups, never of a firm.
    """

    wave = models.OneToOneField(
        "surveys.Wave", on_delete=models.CASCADE, related_name="fieldwork_snapshot"
    )
    document = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Fieldwork of {self.wave} at {self.made_at:%Y-%m-%d %H:%M}"


class FieldworkRefresh(Work):
    """That the figures of a wave are to be computed anew: one wish a wave, asked for again."""

    wave = models.OneToOneField(
        "surveys.Wave", on_delete=models.CASCADE, related_name="fieldwork_refresh"
    )

    def __str__(self) -> str:
        return f"Refresh of {self.wave}"
