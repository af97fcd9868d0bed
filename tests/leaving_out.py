"""Which tests cannot run on this machine, and the closing lines that say so."""

import os
import shutil
from collections import Counter

import pytest


def _missing(item: pytest.Item) -> str:
    """Why the test cannot run here; empty if it can."""
    database = os.environ.get("MILIEU_TEST_DATABASE_URL", "")
    broker = os.environ.get("MILIEU_TEST_BROKER_URL", "")
    if item.get_closest_marker("postgres") and not database.startswith("postgres"):
        return "needs PostgreSQL: set MILIEU_TEST_DATABASE_URL"
    if item.get_closest_marker("broker") and not broker.startswith(("redis", "amqp")):
        return "needs Redis or RabbitMQ: set MILIEU_TEST_BROKER_URL"
    if item.get_closest_marker("browser") and shutil.which("chromium") is None:
        return "needs Chromium (on Debian and Ubuntu: apt-get install chromium)"
    return ""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if reason := _missing(item):
            item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out and why, in one line a reason."""
    reasons = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ")
        if isinstance(report.longrepr, tuple)
        else str(report.longrepr)
        for report in terminalreporter.stats.get("skipped", [])
    )
    left_to_others = len(terminalreporter.stats.get("deselected", []))
    if not reasons and not left_to_others:
        return
    terminalreporter.section("left out")
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count} tests: {reason}")
    if left_to_others:
        chosen = terminalreporter.config.option.markexpr or "the choice on the command line"
        terminalreporter.write_line(
            f"{left_to_others} tests: not chosen by '{chosen}' (make test-all runs the slow ones)"
        )
