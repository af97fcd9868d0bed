from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person of the institute: a member of surveys, or the operator of the system."""


class Membership(models.Model):
    """What a person may do in one survey; `permissions` says what each role stands for."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        METHODOLOGIST = "methodologist", "Methodologist"
        FIELDWORK_MANAGER = "fieldwork_manager", "Fieldwork manager"
        INTERVIEWER = "interviewer", "Interviewer"
        ANALYST = "analyst", "Analyst"
        VIEWER = "viewer", "Viewer"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    survey = models.ForeignKey(
        "surveys.Survey", on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "survey"], name="one_membership_a_survey"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.survey} · {self.get_role_display()}"
