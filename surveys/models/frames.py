from django.db import models
from django.db.models import Q


class Frame(models.Model):
    """The sampling frame: the list from which firms are drawn."""

    name = models.CharField(max_length=120)
    survey = models.ForeignKey("surveys.Survey", on_delete=models.CASCADE, related_name="frames")
    fingerprint = models.CharField(max_length=64)
    made_data = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """One enterprise on the frame, with its permanent random number."""

    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="units")
    register_id = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    size_class = models.CharField(max_length=20)
    industry = models.CharField(max_length=20)
    region = models.CharField(max_length=40)
    employees = models.PositiveIntegerField(null=True, blank=True)
    permanent_random_number = models.FloatField()
    email = models.EmailField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["frame", "register_id"], name="one_unit_a_register_id"),
            models.CheckConstraint(
                condition=Q(permanent_random_number__gte=0) & Q(permanent_random_number__lt=1),
                name="permanent_random_number_in_unit_interval",
            ),
        ]

    def __str__(self) -> str:
        return self.name
