"""Settings, dependencies and the production shape are documented as they are."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
SETTINGS_PAGE = (ROOT / "docs/reference/settings.md").read_text()
READ_BY_NAME = re.compile(
    r"env\.(?:text|words|flag|number|choice|secret|database|mail)\(\s*\"([A-Z_]+)\""
)
TEST_SETTINGS = {"MILIEU_TEST_DATABASE_URL", "MILIEU_TEST_BROKER_URL"}


def documented_settings() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", SETTINGS_PAGE, flags=re.MULTILINE))


def composed() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def test_every_variable_that_is_read_is_documented_and_no_other() -> None:
    read = set(READ_BY_NAME.findall((ROOT / "config/settings.py").read_text()))

    assert documented_settings() == read | TEST_SETTINGS


def test_no_variable_is_read_elsewhere_in_the_product() -> None:
    sources = [
        path
        for room in ("config", "surveys", "analysis", "mathematics")
        for path in (ROOT / room).rglob("*.py")
        if path.name not in {"env.py", "settings.py"}
    ]

    readers = [
        path.name
        for path in sources
        if re.search(r"environ\[\"(?!OPENBLAS)|getenv|environ\.get", path.read_text())
    ]

    assert readers == []


def test_every_dependency_has_its_reason_and_no_reason_is_left_over() -> None:
    pinned = re.findall(
        r"^([\w-]+)(?:\[\w+\])?==", (ROOT / "requirements.txt").read_text(), flags=re.MULTILINE
    )
    page = (ROOT / "docs/explanation/dependencies.md").read_text()
    explained = re.findall(r"^\| `([\w-]+)` \| \S", page, flags=re.MULTILINE)

    assert sorted(name.lower() for name in explained) == sorted(name.lower() for name in pinned)


def test_every_requirement_is_pinned_to_one_version() -> None:
    lines = [
        line
        for name in ("requirements.txt", "tests/requirements.txt")
        for line in (ROOT / name).read_text().splitlines()
        if line and not line.startswith(("#", "-r"))
    ]

    assert [
        line for line in lines if not re.match(r"^[\w-]+(\[\w+\])?==[\w.]+(; .+)?$", line)
    ] == []


def test_the_composed_production_sets_all_that_production_requires() -> None:
    set_there = composed()["x-milieu"]["environment"].keys()

    assert {
        "SECRET_KEY",
        "ACCESS_CODE_PEPPER",
        "ALLOWED_HOSTS",
        "DATABASE_URL",
        "BROKER_URL",
    } <= set_there
    assert set_there <= documented_settings()


def test_the_composed_production_has_one_clock_and_a_queue_that_keeps_its_messages() -> None:
    services = composed()["services"]

    assert services["clock"]["deploy"] == {"replicas": 1}
    assert "--appendonly yes" in services["queue"]["command"]
    assert "--maxmemory-policy noeviction" in services["queue"]["command"]


def test_the_help_of_make_names_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)
    described = re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE)

    assert phony is not None
    assert sorted(phony.group(1).split()) == sorted(described)
