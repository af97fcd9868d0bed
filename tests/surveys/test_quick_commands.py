"""A command loads what it needs and not the pages."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import get_commands

from surveys.management.quick_command import QuickCommand

ROOT = Path(__file__).resolve().parents[2]
OURS = sorted(name for name, app in get_commands().items() if app == "surveys")

STARTED = """
import sys
import django
from django.core.management import load_command_class

django.setup()
load_command_class("surveys", "list_code_lists").check(tags={tags})
for heavy in ("surveys.views", "scipy", "altair", "openpyxl"):
    print(heavy, heavy in sys.modules)
"""


def loaded(tags: list[str] | None) -> set[str]:
    """What a fresh program has loaded when a command has been found and checked."""
    told = subprocess.run(
        [sys.executable, "-c", STARTED.format(tags=tags)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "MILIEU_DEMO": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {line.split()[0] for line in told.splitlines() if line.endswith("True")}


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_quick(name: str) -> None:
    assert issubclass(import_module(f"surveys.management.commands.{name}").Command, QuickCommand)


def test_checking_a_quick_command_loads_no_pages() -> None:
    assert loaded([str(tag) for tag in QuickCommand.requires_system_checks]) == set()


@pytest.mark.slow
def test_checking_everything_loads_them() -> None:
    assert "surveys.views" in loaded(None)
