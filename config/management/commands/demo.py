import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from config.demo import announcement, content, place, queue, supervisor
from config.demo.children import Child
from config.demo.supervisor import DemoOver, Interrupted, Supervisor

_SERVERS = ("web", "worker", "clock")


class Command(BaseCommand):
    help = "Run everything on this machine with made data, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="where the web server listens")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This loads made data, so it runs only with MILIEU_DEMO=1.")
        host, port = options["host"], options["port"]
        try:
            with place.only_demo_here(settings.VAR, f"http://{host}:{port}/"):
                place.check_port(host, port)
                self._run(host, port)
        except DemoOver as over:
            raise CommandError(str(over)) from None
        except (Interrupted, KeyboardInterrupt):
            self.stdout.write("\nStopped. Everything is kept for the next `make demo`.")

    def _run(self, host: str, port: int) -> None:
        began = time.monotonic()
        children, broker_url = _children(host, port, settings.VAR)
        with Supervisor(children, self._say) as demo:
            demo.start("queue")
            # With the data in place they start while the rest is looked after.
            at_once = content.is_made()
            if at_once:
                demo.start(*_SERVERS)
            made = content.prepare(self._say)
            connections.close_all()
            if not at_once:
                demo.start(*_SERVERS)
            demo.wait_until(lambda: supervisor.serves(host, port), what="The web server")
            demo.wait_until(
                lambda: supervisor.worker_answers(broker_url, settings.VAR), what="The worker"
            )
            seconds = time.monotonic() - began
            self._say(announcement.text(made, f"http://{host}:{port}", settings.VAR, seconds))
            demo.watch()

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _children(host: str, port: int, var: Path) -> tuple[list[Child], str]:
    """The processes in the order in which they start, and the address of their queue."""
    environment = {"MILIEU_DEMO": "1", "MILIEU_VAR": str(var)}
    if "PUBLIC_URL" not in os.environ:
        environment["PUBLIC_URL"] = f"http://{host}:{port}"
    commands: dict[str, tuple[str, ...]] = {}
    broker_url = settings.GIVEN_BROKER_URL
    if not broker_url:
        embedded = queue.prepare(var, queue.server_program())
        broker_url = embedded.url
        if embedded.command:
            commands["queue"] = embedded.command
    commands |= supervisor.programs(host=host, port=port, var=var)
    environment["BROKER_URL"] = broker_url
    children = [
        Child(name, command, var / "logs" / f"{name}.log", environment, settings.ROOT)
        for name, command in commands.items()
    ]
    return children, broker_url
