"""Plans, runs and what they gave. The run row is the queue of record."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse


class Plan(models.Model):
    """A named set of specifications meant for one paper table, kept in versions."""

    wave = models.ForeignKey("surveys.Wave", on_delete=models.CASCADE, related_name="plans")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "slug"], name="one_plan_a_slug"),
        ]

    def __str__(self) -> str:
        return self.title


class PlanVersion(models.Model):
    """One text of a plan; never changed once written."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    fingerprint = models.CharField(max_length=64)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_version_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}, version {self.number}"


class Run(models.Model):
    """One execution of plan x extract x code.

    The row is the queue of record: a broker message only says "look at this run". A worker
    owns the run while `claim` is its own token and `lease_until` lies ahead. Of a divided run
    nobody is the owner: its pieces are claimed one by one, and it again once they are over.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", "Waiting for a worker"
        RUNNING = "running", "Running"
        DIVIDED = "divided", "Running in pieces"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    UNFINISHED = (State.REQUESTED, State.RUNNING, State.DIVIDED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="runs")
    fingerprint = models.CharField(max_length=64, db_index=True)
    extract_fingerprint = models.CharField(max_length=64)
    code_fingerprint = models.CharField(max_length=64)
    output_rules = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    requested_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_note = models.CharField(max_length=200, blank=True)
    failure = models.JSONField(null=True, blank=True)
    estimates = models.JSONField(null=True, blank=True)
    table = models.JSONField(null=True, blank=True)
    margins_table = models.JSONField(null=True, blank=True)
    descriptives_table = models.JSONField(null=True, blank=True)
    curve_table = models.JSONField(null=True, blank=True)
    origin = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan_version", "fingerprint"],
                name="one_run_a_plan_version_and_fingerprint",
            ),
            models.CheckConstraint(
                condition=~Q(state="running")
                | (Q(claim__isnull=False) & Q(lease_until__isnull=False)),
                name="a_running_run_is_claimed",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(estimates__isnull=False),
                name="a_finished_run_has_estimates",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | Q(failure__isnull=False),
                name="a_failed_run_says_why",
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until"])]

    def __str__(self) -> str:
        return f"{self.plan_version} · {self.fingerprint[:12]}"

    def get_absolute_url(self) -> str:
        return reverse("analysis:run", args=[self.pk])


class RunPiece(models.Model):
    """A part of a run's work that one worker does by itself.

    `fingerprint` says what is found (the piece, the extract, the code): pieces that share it
    find the same, and no two of them are ever worked on at once.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        FAILED = "failed", "Failed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64, db_index=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    found = models.BinaryField(null=True, blank=True)
    failure = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="one_piece_a_number"),
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=Q(state="running"),
                name="no_piece_is_worked_on_twice",
            ),
            models.CheckConstraint(
                condition=~Q(state="running")
                | (Q(claim__isnull=False) & Q(lease_until__isnull=False)),
                name="a_running_piece_is_claimed",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(found__isnull=False),
                name="a_finished_piece_has_a_finding",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "failed"]) | Q(failure__isnull=False),
                name="a_failed_piece_says_why",
            ),
        ]
        indexes = [models.Index(fields=["run", "state"])]

    def __str__(self) -> str:
        return f"{self.run}: {self.title}"


class Snapshot(models.Model):
    """The data of a wave, or of a panel, as they were at one moment, in the storage of snapshots.

    `fingerprint` says which data; `mark` what was seen of the wave as they were read, so that it
    can be told without reading them whether they are still the wave's. The row is written once
    its file is whole: a file without a row was left behind by whoever was killed at it.
    """

    wave = models.ForeignKey("surveys.Wave", on_delete=models.CASCADE, related_name="snapshots")
    fingerprint = models.CharField(max_length=64, unique=True)
    mark = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=200)
    format = models.PositiveSmallIntegerField()
    rows = models.PositiveIntegerField()
    columns = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["wave", "mark"])]

    def __str__(self) -> str:
        return f"{self.wave} · {self.fingerprint[:12]}"


class TableLayout(models.Model):
    """How one person wants the tables of a run laid out; numbers are the run's."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="layouts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    document = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "person"], name="one_layout_a_run_and_person"),
        ]

    def __str__(self) -> str:
        return f"Layout of {self.run} for {self.person}"


class Registration(models.Model):
    """A version of a plan, frozen before the wave closed; never changed and never taken back.

    `certificate` is the text that `fingerprint` is the SHA-256 of. Another registration of the
    same plan may take its place; both stay.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="registrations")
    plan_version = models.OneToOneField(
        PlanVersion, on_delete=models.PROTECT, related_name="registration"
    )
    number = models.PositiveIntegerField()
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    facts = models.JSONField()
    certificate = models.TextField()
    fingerprint = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-registered_at", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_registration_a_number"),
        ]

    def __str__(self) -> str:
        return f"Registration {self.number} of {self.plan}"

    def get_absolute_url(self) -> str:
        wave = self.plan.wave
        return reverse(
            "analysis:registration",
            args=[wave.survey.slug, wave.slug, self.plan.slug, self.number],
        )


class PowerStudy(models.Model):
    """Power of the planned logit on a wave's strata, simulated in parts by workers.

    Replications go by number, so a part is counted once: whoever adds it must find
    `progress_done` as it was when the part began. A worker that dies leaves what was added.
    """

    class State(models.TextChoices):
        RUNNING = "running", "Being worked out"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    wave = models.ForeignKey("surveys.Wave", on_delete=models.CASCADE, related_name="power_studies")
    strata = models.JSONField()
    assumptions = models.JSONField()
    seed = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField()
    tally = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    failure = models.TextField(blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    requested_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name_plural = "power studies"
        constraints = [
            models.CheckConstraint(
                condition=Q(progress_done__lte=models.F("progress_total")),
                name="no_more_replications_than_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"Power on {self.wave}, {self.requested_at:%Y-%m-%d %H:%M}"


class Codebook(models.Model):
    """What a wave holds, name by name, when `mark` was so: for pages that are shown often.

    Nothing rests on it; taken away it is made again. `asked_at`: a worker was last asked for it.
    """

    wave = models.OneToOneField("surveys.Wave", on_delete=models.CASCADE, related_name="codebook")
    mark = models.CharField(max_length=64, blank=True)
    firms = models.PositiveIntegerField(default=0)
    lines = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Codebook of {self.wave}"


class OutputPolicy(models.Model):
    """What a survey, or one wave of it, asks of its output. Append-only: the newest holds.

    `rules` are the changes to the rules that come with Milieu or, of a wave, to those of its
    survey; `before` those that held until then.
    """

    survey = models.ForeignKey(
        "surveys.Survey", on_delete=models.CASCADE, related_name="output_policies"
    )
    wave = models.ForeignKey(
        "surveys.Wave",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="output_policies",
    )
    before = models.JSONField(default=dict, blank=True)
    rules = models.JSONField(default=dict, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "output policies"

    def __str__(self) -> str:
        return f"Rules for output of {self.wave or self.survey}"


class OutputCheck(models.Model):
    """What disclosure control found in a run, and whether the run may be shown to others.

    A run without a check is not released. `author` is who asked for the run; None if it was
    asked for by a command.
    """

    class Decision(models.TextChoices):
        WAITING = "waiting", "Waiting"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="output_check")
    findings = models.JSONField(default=list, blank=True)
    policy = models.JSONField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="output_checks",
    )
    made_at = models.DateTimeField()
    needs_second_person = models.BooleanField(default=False)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at__isnull=True)
                | Q(decision="approved")
                | Q(decision="waiting", needs_second_person=False),
                name="nothing_goes_out_before_it_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"Check of {self.run}"


class PackageRule(models.Model):
    """Which data a survey lets go out in replication packages. Append-only: the newest holds."""

    class Data(models.TextChoices):
        NONE = "none", "None: no packages"
        SYNTHETIC = "synthetic", "Synthetic firms"
        PSEUDONYMISED = "pseudonymised", "Answers of firms without their names"

    survey = models.ForeignKey(
        "surveys.Survey", on_delete=models.CASCADE, related_name="package_rules"
    )
    data = models.CharField(max_length=15, choices=Data)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Packages of {self.survey}: {self.get_data_display()}"


class RegionBoundaries(models.Model):
    """Where the regions of a survey lie, for maps of its results."""

    survey = models.OneToOneField("surveys.Survey", on_delete=models.CASCADE)
    file_name = models.CharField(max_length=200)
    document = models.JSONField()
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "region boundaries"

    def __str__(self) -> str:
        return f"Regions of {self.survey}"
