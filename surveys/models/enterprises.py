from django.db import models
from django.db.models import Q


class Enterprise(models.Model):
    """The same firm over waves: what its units on successive frames have in common.

    It is known by its register identifier. Its permanent random number is given once, so
    that samples of different waves overlap or rotate by design.
    """

    survey = models.ForeignKey(
        "surveys.Survey", on_delete=models.CASCADE, related_name="enterprises", db_index=False
    )
    register_id = models.CharField(max_length=40)
    permanent_random_number = models.FloatField()
    name = models.CharField(max_length=200)
    do_not_contact_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "register_id"], name="one_enterprise_a_register_id"
            ),
            models.CheckConstraint(
                condition=Q(permanent_random_number__gte=0) & Q(permanent_random_number__lt=1),
                name="enterprise_random_number_in_unit_interval",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EnterpriseEvent(models.Model):
    """What became of a firm between waves, as a person or a newer frame tells it. Append-only.

    `frame` is the version that told it, None for what a person recorded.
    """

    class Kind(models.TextChoices):
        MERGED = "merged", "Merged into another firm"
        SPLIT = "split", "Split up"
        CLOSED = "closed", "Closed"
        RENAMED = "renamed", "Renamed"
        OUT_OF_SCOPE = "out_of_scope", "Out of scope"
        REGISTER_CHANGED = "register_changed", "Changed on the register"
        APPEARED = "appeared", "New on the list"
        LEFT = "left", "No longer on the list"

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    on = models.DateField()
    successor = models.ForeignKey(
        Enterprise, on_delete=models.SET_NULL, null=True, blank=True, related_name="predecessors"
    )
    note = models.TextField(blank=True)
    frame = models.ForeignKey(
        "surveys.Frame", on_delete=models.SET_NULL, null=True, blank=True, related_name="events"
    )
    by = models.ForeignKey("surveys.User", on_delete=models.SET_NULL, null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=models.F("enterprise")),
                name="an_enterprise_does_not_succeed_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.on}"
