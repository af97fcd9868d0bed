from django.db import models
from django.db.models import Q

from surveys.models.held_works import HeldWork


class Frame(models.Model):
    """The sampling frame: the list from which firms are drawn, in one of its versions.

    `number` counts the versions within the survey, `previous` is the version it is compared
    with. `attributes` names the columns beyond the fixed ones; each unit holds their values.
    """

    name = models.CharField(max_length=120)
    survey = models.ForeignKey("surveys.Survey", on_delete=models.CASCADE, related_name="frames")
    number = models.PositiveIntegerField(default=1)
    previous = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="following"
    )
    fingerprint = models.CharField(max_length=64)
    attributes = models.JSONField(default=list, blank=True)
    unit_count = models.PositiveIntegerField(default=0)
    source_name = models.CharField(max_length=200, blank=True)
    made_data = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="one_frame_a_number"),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """One enterprise as one version of the frame describes it.

    Name, contact and address are what the register says of the firm; only people who must
    reach firms see them. `permanent_random_number` is that of the enterprise.
    """

    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="units")
    # A firm outlives its rows on frames; it goes with them only when the survey goes.
    enterprise = models.ForeignKey(
        "surveys.Enterprise",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="units",
    )
    register_id = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    size_class = models.CharField(max_length=20)
    industry = models.CharField(max_length=20)
    region = models.CharField(max_length=40)
    nace = models.CharField(max_length=10, blank=True)
    group_id = models.CharField(max_length=40, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    size_measure = models.FloatField(null=True, blank=True)
    permanent_random_number = models.FloatField()
    contact_name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    attributes = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["frame", "register_id"], name="one_unit_a_register_id"),
            models.CheckConstraint(
                condition=Q(permanent_random_number__gte=0) & Q(permanent_random_number__lt=1),
                name="permanent_random_number_in_unit_interval",
            ),
            models.CheckConstraint(
                condition=Q(size_measure__isnull=True) | Q(size_measure__gte=0),
                name="size_measure_is_not_negative",
            ),
        ]
        indexes = [
            # Most firms belong to no group: the index holds the others only.
            models.Index(
                fields=["frame", "group_id"],
                condition=~Q(group_id=""),
                name="unit_frame_group_idx",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FrameUpload(HeldWork):
    """A file that is becoming a frame: its columns, their mapping, how far the load is.

    Both files are private: they are handed out by views that ask for permission, never by
    their address. `message` says why a load was refused, without a firm's data.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Uploaded"
        LOADING = "loading", "Loading"
        LOADED = "loaded", "Loaded"
        REFUSED = "refused", "Refused"

    survey = models.ForeignKey(
        "surveys.Survey", on_delete=models.CASCADE, related_name="frame_uploads"
    )
    file = models.FileField(upload_to="frames/uploads/", max_length=255)
    original_name = models.CharField(max_length=200)
    columns = models.JSONField(default=list, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    rows_read = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True, blank=True)
    problems_count = models.PositiveIntegerField(default=0)
    problems_file = models.FileField(upload_to="frames/problems/", max_length=255, blank=True)
    frame = models.ForeignKey(
        Frame, on_delete=models.SET_NULL, null=True, blank=True, related_name="uploads"
    )
    by = models.ForeignKey("surveys.User", on_delete=models.SET_NULL, null=True, blank=True)
    at = models.DateTimeField()
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="loaded") | Q(frame__isnull=False),
                name="a_loaded_upload_has_a_frame",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name
