from django.db import models


class CodeList(models.Model):
    """A version of a code list that a survey brought along; frozen once it is uploaded.

    It outlives its survey, because published instruments may look their codes up in it; a list
    without a survey is shown to nobody.
    """

    survey = models.ForeignKey(
        "surveys.Survey",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="code_lists",
    )
    name = models.SlugField(max_length=60)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    codes = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        "surveys.User", on_delete=models.SET_NULL, null=True, blank=True
    )

    class Meta:
        ordering = ["name", "-uploaded_at"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_code_list_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"
