"""A command that starts without the pages."""

from django.core.checks import Tags
from django.core.management.base import BaseCommand


class QuickCommand(BaseCommand):
    """Checks the models before it runs, and no addresses: that would load every page.

    With the pages would come all that they need, which takes several times as long as most
    commands. The command `check` checks everything.
    """

    requires_system_checks = [Tags.models]
