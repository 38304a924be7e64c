"""What axe-core finds wrong with a page (WCAG 2.2 A and AA, and best practice), and what it cannot see."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from tests.servers.search import Unavailable

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

# Whether anything sticks out to the side, where only what says so may scroll.
STICKS_OUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

SMALL_TARGETS = """least => {
  const asked = 'a, button, select, input, textarea, summary';
  const within = 'p, dd, li.said, td, th, .skip, .card-head, .error-summary';
  const shown = each => ["radio", "checkbox"].includes(each.type) ? each.parentElement : each;
  return [...document.querySelectorAll(asked)]
    .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.closest(within))
    .map(each => [each, shown(each).getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && box.height < least)
    .map(([each, box]) => `${each.outerHTML.slice(0, 120)} is ${Math.round(box.height)} px high`);
}"""


@cache
def axe() -> str:
    """axe-core as it was installed. Raises Unavailable."""
    if not AXE.exists():
        raise Unavailable("axe-core is not installed (npm ci)")
    return AXE.read_text()


def assert_accessible(page: Page, *, target: int = 32) -> None:
    """Fail with every rule the page breaks, its targets under so many pixels, and its sideways scrolling."""
    page.evaluate(axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    broken = [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
    assert not broken, "\n".join(broken)
    assert not (small := page.evaluate(SMALL_TARGETS, target)), "\n".join(small)
    assert page.evaluate(STICKS_OUT) <= 0, "the page scrolls sideways"
