"""Weigh trees in Chromium, on a page that forbids everything but its own script.

    python -m tests.conformance.in_chromium < batches.json > results.json

In a process of its own, because Playwright allows one browser to a thread. Reads a list of
batches of ``{"tree", "kind", "answers", "open"}``; writes a list of results for each.
"""

import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, sync_playwright

from tests.journeys.conftest import CHROMIUM, FLAGS

SCRIPT = Path(__file__).resolve().parents[2] / "surveys/static/surveys/conditions.js"
ADDRESS = "http://conformance.test/"
STRICT = {"Content-Security-Policy": "default-src 'none'; script-src 'self'"}
RESULTS = """
(text) => JSON.stringify(JSON.parse(text).map(({tree, kind, answers, open}) =>
  kind === "condition"
    ? MilieuConditions.weigh(tree, answers, open)
    : MilieuConditions.value(tree, answers)))
"""


def results(page: Page, batches: list[list[dict[str, Any]]]) -> list[list[Any]]:
    page.route("**/*", _serve)
    page.goto(ADDRESS)
    return [json.loads(page.evaluate(RESULTS, json.dumps(batch))) for batch in batches]


def _serve(route: Route) -> None:
    if route.request.url.endswith(".js"):
        route.fulfill(path=SCRIPT, content_type="text/javascript", headers=STRICT)
    else:
        body = "<!doctype html><title>Conditions</title><script src='conditions.js'></script>"
        route.fulfill(body=body, content_type="text/html", headers=STRICT)


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        json.dump(results(browser.new_page(), json.load(sys.stdin)), sys.stdout)
        browser.close()


if __name__ == "__main__":
    main()
