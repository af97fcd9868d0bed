from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo import queue
from config.demo.children import Child


class Command(BaseCommand):
    help = "Run the embedded queue alone, until Ctrl-C. For development."

    def handle(self, *args: Any, **options: Any) -> None:
        prepared = queue.prepare(settings.VAR, queue.server_program())
        if not prepared.command:
            raise CommandError("The embedded server does not run here; messages are files.")
        server = Child(
            "queue", prepared.command, settings.VAR / "logs" / "queue.log", {}, settings.ROOT
        )
        server.start()
        self.stdout.write(f"The queue listens at {settings.VAR / 'queue'}. Ctrl-C stops it.")
        try:
            server.process.wait()
        except KeyboardInterrupt:
            server.ask_to_stop()
            server.process.wait()
