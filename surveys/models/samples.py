import uuid

from django.db import models
from django.db.models import F, Q

from surveys.models.held_works import Work


class SamplePlan(models.Model):
    """How the sample of a wave is to be drawn, and from which state of its frame.

    `document` holds strata, take-all rule, collapsing, allocation, selection, groups and
    rotation; with `seed` and `frame_fingerprint` it repeats the draw to the firm. `preview`
    is what the plan would give, so that it is not worked out at every look.
    """

    wave = models.OneToOneField(
        "surveys.Wave", on_delete=models.CASCADE, related_name="sample_plan"
    )
    document = models.JSONField()
    seed = models.BigIntegerField()
    frame_fingerprint = models.CharField(max_length=64, blank=True)
    preview = models.JSONField(default=dict, blank=True)
    saved_by = models.ForeignKey("surveys.User", on_delete=models.SET_NULL, null=True, blank=True)
    saved_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Sample plan of {self.wave}"


class SampleWork(Work):
    """A plan to be worked out, or a kept one to be drawn, by a worker: how far it is.

    A worker that dies leaves it WORKING and silent; it may then be taken up by another. What is
    kept of a sample is kept at the end and all at once.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", "Plan"
        DRAW = "draw", "Draw"

    wave = models.ForeignKey("surveys.Wave", on_delete=models.CASCADE, related_name="sample_works")
    kind = models.CharField(max_length=10, choices=Kind)
    document = models.JSONField(default=dict, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["wave"],
                condition=Q(state__in=["waiting", "working"]),
                name="one_sample_in_work_a_wave",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.wave}"


class Stratum(models.Model):
    """A cell of the design: N_h firms on the frame, n_h of them drawn.

    `population` is null where an imported survey does not tell it.
    """

    wave = models.ForeignKey("surveys.Wave", on_delete=models.CASCADE, related_name="strata")
    label = models.CharField(max_length=120)
    size_class = models.CharField(max_length=20, blank=True)
    industry = models.CharField(max_length=20, blank=True)
    region = models.CharField(max_length=40, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    drawn = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["label"]
        verbose_name_plural = "strata"
        constraints = [
            models.UniqueConstraint(fields=["wave", "label"], name="one_stratum_a_label"),
            models.CheckConstraint(
                condition=Q(population__isnull=True) | Q(drawn__lte=F("population")),
                name="no_more_drawn_than_on_the_frame",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Case(models.Model):
    """One drawn unit in one wave, from invitation to final disposition.

    `public_id` stands in the firm's URLs; `pseudonym` is all that an extract shows. Where
    groups are drawn first, `first_stage_probability` is that of `group_id`, and the inclusion
    probability is the product over stages. `disposition` and `final_code` (AAPOR) are kept
    from what `fieldwork.derivation` derives of the case's events.
    """

    class Disposition(models.TextChoices):
        NOT_STARTED = "not_started", "No reply yet"
        STARTED = "started", "Started, not submitted"
        COMPLETE = "complete", "Complete"
        PARTIAL = "partial", "Partial at closing"
        REFUSAL = "refusal", "Refusal"
        NON_CONTACT = "non_contact", "No contact"
        NOT_ELIGIBLE = "not_eligible", "Not eligible"

    wave = models.ForeignKey("surveys.Wave", on_delete=models.CASCADE, related_name="cases")
    unit = models.ForeignKey(
        "surveys.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    stratum = models.ForeignKey(Stratum, on_delete=models.PROTECT, related_name="cases")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pseudonym = models.CharField(max_length=40)
    firm_name = models.CharField(max_length=200, blank=True)
    inclusion_probability = models.FloatField(null=True, blank=True)
    design_weight = models.FloatField(default=1.0)
    first_stage_probability = models.FloatField(null=True, blank=True)
    group_id = models.CharField(max_length=40, blank=True)
    cluster = models.CharField(max_length=60, blank=True)
    disposition = models.CharField(
        max_length=20, choices=Disposition, default=Disposition.NOT_STARTED
    )
    disposition_at = models.DateTimeField(null=True, blank=True)
    final_code = models.CharField(max_length=8, blank=True)
    priority = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "pseudonym"], name="one_case_a_pseudonym"),
            models.UniqueConstraint(
                fields=["wave", "unit"],
                condition=Q(unit__isnull=False),
                name="one_case_a_unit_and_wave",
            ),
            models.CheckConstraint(
                condition=Q(design_weight__gt=0), name="design_weight_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(first_stage_probability__isnull=True)
                | (Q(first_stage_probability__gt=0) & Q(first_stage_probability__lte=1)),
                name="first_stage_probability_is_a_chance",
            ),
        ]
        indexes = [models.Index(fields=["wave", "disposition"])]

    def __str__(self) -> str:
        return self.firm_name or self.pseudonym
