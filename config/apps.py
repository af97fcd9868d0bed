from django.apps import AppConfig
from django.core import checks

from config.checks import broker_keeps_messages, database_serves_many


class RuntimeConfig(AppConfig):
    name = "config"
    verbose_name = "Milieu"

    def ready(self) -> None:
        checks.register(database_serves_many, checks.Tags.security, deploy=True)
        checks.register(broker_keeps_messages, checks.Tags.security, deploy=True)
