from django.db import models


class Instrument(models.Model):
    """A published instrument: frozen, known by its fingerprint.

    `document` is the authored definition as plain data; `questionnaire.compile_document`
    turns it into the value that the pages are built from.
    """

    name = models.SlugField(max_length=80)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    document = models.JSONField()
    fingerprint = models.CharField(max_length=64, unique=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        "surveys.User", on_delete=models.SET_NULL, null=True, blank=True
    )

    class Meta:
        ordering = ["name", "-published_at"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_instrument_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"
