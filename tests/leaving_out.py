"""Which tests cannot run on this machine, and the closing lines that say so."""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Collection
from functools import cache

import pytest


@cache
def has_tex() -> bool:
    """Whether pdflatex is here, and siunitx, which comes in a package of its own."""
    if shutil.which("pdflatex") is None or shutil.which("kpsewhich") is None:
        return False
    found = subprocess.run(["kpsewhich", "siunitx.sty"], capture_output=True, check=False)
    return found.returncode == 0


# What a test of this mark needs, and whether this machine has it.
_NEEDS = {
    "postgres": (
        "needs PostgreSQL: set MILIEU_TEST_DATABASE_URL",
        lambda: os.environ.get("MILIEU_TEST_DATABASE_URL", "").startswith("postgres"),
    ),
    "broker": (
        "needs Redis or RabbitMQ: set MILIEU_TEST_BROKER_URL",
        lambda: os.environ.get("MILIEU_TEST_BROKER_URL", "").startswith(("redis", "amqp")),
    ),
    "browser": (
        "needs Chromium (on Debian and Ubuntu: apt-get install chromium)",
        lambda: shutil.which("chromium") is not None,
    ),
    "r": (
        "needs R (on Debian and Ubuntu: apt-get install r-base-core r-cran-survey r-cran-sandwich)",
        lambda: shutil.which("Rscript") is not None,
    ),
    "tex": (
        "needs TeX (on Debian and Ubuntu: apt-get install texlive-latex-extra texlive-science)",
        has_tex,
    ),
}


# Fixtures by which a test comes to a database, besides the mark of pytest-django.
_TO_A_DATABASE = {"db", "transactional_db", "live_server", "demonstration", "demo", "furnished"}


# Before pytest itself looks which marks are asked for.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("django_db") or _TO_A_DATABASE.intersection(_fixtures(item)):
            item.add_marker("database")
        for mark, (reason, is_here) in _NEEDS.items():
            if item.get_closest_marker(mark) and not is_here():
                item.add_marker(pytest.mark.skip(reason=reason))


def _fixtures(item: pytest.Item) -> Collection[str]:
    return item.fixturenames if isinstance(item, pytest.Function) else ()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out and why, in one line a reason."""
    reasons = _reasons(terminalreporter)
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


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where nothing may be left out, a test that was fails the whole.

    MILIEU_MAY_LEAVE_OUT names the marks whose tests may be, separated by commas.
    """
    allowed = os.environ.get("MILIEU_MAY_LEAVE_OUT")
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if allowed is None or reporter is None:
        return
    excused = {_NEEDS[mark][0] for mark in allowed.split(",") if mark}
    if _reasons(reporter).keys() - excused and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _reasons(reporter: pytest.TerminalReporter) -> Counter[str]:
    return Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ")
        if isinstance(report.longrepr, tuple)
        else str(report.longrepr)
        for report in reporter.stats.get("skipped", [])
    )
