from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, user) -> "SurveyQuerySet":
        """Surveys of which the person is a member; all of them for the operator."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(memberships__user=user)


class Survey(models.Model):
    """The programme: one subject, asked in waves."""

    slug = models.SlugField(unique=True, max_length=60)
    title = models.CharField(max_length=200)
    institute = models.CharField(max_length=200, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    contact_email = models.EmailField(blank=True)
    confidentiality = models.TextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Wave(models.Model):
    """One round of a survey.

    The reference period is what firms are asked about, the field period is when they are
    asked; until `corrections_until` a firm may fetch a copy of its answers. `previous` is the
    wave whose answers are quoted to firms that gave them. `made_data` marks a wave whose
    answers were generated, not given by firms.

    At the close a case that was not handed in counts as partial if it answered at least
    `partial_share` of `key_items`. `target_rates` are the outcome rates aimed at. Once
    `frozen_at` is set nothing of the wave changes but by an audited reopening.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    class Origin(models.TextChoices):
        COLLECTED = "collected", "Collected here"
        IMPORTED = "imported", "Imported micro-data"

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="waves")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    reference_first_year = models.PositiveSmallIntegerField()
    reference_last_year = models.PositiveSmallIntegerField()
    field_start = models.DateField()
    field_end = models.DateField()
    instrument = models.ForeignKey(
        "surveys.Instrument", on_delete=models.PROTECT, null=True, blank=True, related_name="waves"
    )
    frame = models.ForeignKey(
        "surveys.Frame", on_delete=models.PROTECT, null=True, blank=True, related_name="waves"
    )
    previous = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="following"
    )
    corrections_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.COLLECTED)
    made_data = models.BooleanField(default=False)
    provenance = models.JSONField(default=dict, blank=True)
    target_rates = models.JSONField(default=dict, blank=True)
    key_items = models.JSONField(default=list, blank=True)
    partial_share = models.FloatField(default=0.5)
    closed_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["survey", "-reference_last_year", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "slug"], name="one_wave_a_slug"),
            models.CheckConstraint(
                condition=Q(reference_first_year__lte=F("reference_last_year")),
                name="reference_period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(field_start__lte=F("field_end")), name="field_period_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(instrument__isnull=False),
                name="open_wave_has_an_instrument",
            ),
            models.CheckConstraint(
                condition=Q(partial_share__gte=0) & Q(partial_share__lte=1),
                name="partial_share_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True) | Q(state="closed"),
                name="a_frozen_wave_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey.title}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("surveys:wave", args=[self.survey.slug, self.slug])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def answering_until(self) -> date:
        """The last day on which firms answer; corrections may have longer."""
        return self.field_end

    @property
    def reference_period(self) -> str:
        return f"{self.reference_first_year} to {self.reference_last_year}"
