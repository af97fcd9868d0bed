#!/usr/bin/env python
"""Django's command-line entry point."""

import os
import sys

from django.core.management import execute_from_command_line

CONFIGURES = {"MILIEU_DEMO", "DEBUG", "SECRET_KEY", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}

if __name__ == "__main__":
    if not CONFIGURES & os.environ.keys():
        # Typed at a clone that nobody has configured, a command means the demo beside it.
        # Servers (config.wsgi, the Celery worker) never assume this.
        os.environ["MILIEU_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)
