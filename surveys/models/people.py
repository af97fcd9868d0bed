from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person of the institute: researcher, fieldwork manager, analyst or operator."""


class Membership(models.Model):
    """What a person may do in one survey."""

    class Role(models.TextChoices):
        RESEARCHER = "researcher", "Researcher"
        FIELDWORK_MANAGER = "fieldwork_manager", "Fieldwork manager"
        ANALYST = "analyst", "Analyst"

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
