"""The house stays small-roomed: sizes of files and functions, names of rooms, first lines, foreign words."""

import ast
import re
import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}


def tracked(*endings):
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    return [ROOT / name for name in listed if name.endswith(endings) and (ROOT / name).is_file()]


def functions(paths):
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node, (node.end_lineno or node.lineno) - node.lineno + 1


def test_files_are_small_rooms():
    large = {
        str(path.relative_to(ROOT)): lines
        for path in tracked(".py", ".html", ".css", ".js")
        if "migrations" not in path.parts and (lines := path.read_text().count("\n")) > 250
    }
    assert not large


def test_functions_are_short():
    code = [path for path in tracked(".py") if "tests" not in path.parts and "migrations" not in path.parts]
    sizes = [(size, f"{path.relative_to(ROOT)}:{node.lineno} {node.name}") for path, node, size in functions(code)]
    assert not [where for size, where in sizes if size > 40]
    lengths = sorted(size for size, _ in sizes)
    assert statistics.median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.9)] <= 20


def test_no_room_is_a_drawer():
    assert not [str(path.relative_to(ROOT)) for path in tracked(".py") if DRAWERS & {path.stem, *path.parts}]


def test_every_module_says_what_it_owns():
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked(".py")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_nothing_names_a_registry_or_a_workplace():
    hosts = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com", "repo1.maven" + ".org"]
    words = re.compile("|".join(re.escape(word) for word in [*hosts, "/work" + "/main", "/tmp/" + "brief"]))
    named = []
    for path in tracked(""):
        try:
            content = path.read_text()
        except UnicodeDecodeError:
            continue
        named += [f"{path.relative_to(ROOT)}: {found.group()}" for found in words.finditer(content)]
    assert not named
