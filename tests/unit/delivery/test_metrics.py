"""Metrics are one closed list: named alike, explained, and made nowhere else."""

import ast
from pathlib import Path

from prometheus_client import generate_latest

from shared import metrics

ROOT = Path(__file__).parents[3]


def test_every_metric_is_named_alike_and_explained():
    families = list(metrics.REGISTRY.collect())
    assert len(families) > 15
    for family in families:
        assert family.name.startswith("commonground_")
        assert family.documentation.endswith(".")
    assert b"commonground_outbox_backlog" in generate_latest(metrics.REGISTRY)


def test_metrics_are_made_in_the_list_only():
    made = []
    for path in [*(ROOT / "shared").rglob("*.py"), *(ROOT / "services").rglob("*.py")]:
        if path.name == "metrics.py":
            continue
        imported = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ImportFrom)]
        made += [
            f"{path}: {alias.name}"
            for node in imported
            if node.module == "prometheus_client"
            for alias in node.names
            if alias.name in ("Counter", "Gauge", "Histogram", "Summary")
        ]
    assert not made
