from django.db import models


class PageRow(models.Model):
    """What one respondent sent on one page."""

    respondent = models.PositiveIntegerField()
    page = models.CharField(max_length=80)
    answers = models.JSONField()
    saved_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.respondent}/{self.page}"
