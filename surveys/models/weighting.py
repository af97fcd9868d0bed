from django.db import models
from django.db.models import Q

from surveys.models.held_works import Work


class Weighting(models.Model):
    """One version of a wave's final weights: the recipe, what it gave, and the report on it.

    Versions are never written over, so that an analysis can name the one it used.
    """

    wave = models.ForeignKey(
        "surveys.Wave", on_delete=models.CASCADE, related_name="weightings", db_index=False
    )
    number = models.PositiveIntegerField()
    document = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    report = models.JSONField(default=dict, blank=True)
    made_by = models.ForeignKey("surveys.User", on_delete=models.SET_NULL, null=True, blank=True)
    made_at = models.DateTimeField()
    is_published = models.BooleanField(default=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "number"], name="one_weighting_a_number"),
        ]

    def __str__(self) -> str:
        return f"Weights {self.number}"


class WeightingRequest(Work):
    """Weights that a worker is to make by a recipe; done, they are the version `made`.

    `message` and `remedy` say why they could not be made.
    """

    wave = models.ForeignKey(
        "surveys.Wave", on_delete=models.CASCADE, related_name="weighting_requests"
    )
    recipe = models.JSONField()
    remedy = models.TextField(blank=True)
    made = models.OneToOneField(
        Weighting, on_delete=models.SET_NULL, null=True, blank=True, related_name="request"
    )

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["wave"],
                condition=Q(state__in=["waiting", "working"]),
                name="one_weighting_in_work_a_wave",
            ),
        ]

    def __str__(self) -> str:
        return f"Weights of {self.wave}"


class CaseWeight(models.Model):
    """The final weight of a case in one weighting, and the factors it is the product of."""

    weighting = models.ForeignKey(
        Weighting, on_delete=models.CASCADE, related_name="case_weights", db_index=False
    )
    case = models.ForeignKey("surveys.Case", on_delete=models.CASCADE, related_name="weights")
    weight = models.FloatField()
    factors = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["weighting", "case"], name="one_weight_a_case"),
        ]


class ReplicateWeights(models.Model):
    """The replicate weights of a weighting: one column a replicate, kept in a private file."""

    weighting = models.OneToOneField(
        Weighting, on_delete=models.CASCADE, related_name="replicate_weights"
    )
    method = models.CharField(max_length=30)
    count = models.PositiveIntegerField()
    file = models.FileField(upload_to="weights/replicates/", max_length=255)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "replicate weights"

    def __str__(self) -> str:
        return f"{self.count} replicates, {self.method}"
