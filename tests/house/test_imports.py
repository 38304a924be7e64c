"""The house keeps its directions: who may import whom, and who alone may touch the outside."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("intake", "routing", "notifications")
FOLDERS = ("shared", "services", "commonground")
# Rooms of a service from the inside out: a room imports its own level and what lies before it.
LEVELS = (
    {"domain"},
    {"models", "schemas"},
    {"handlers", "queries", "reports"},
    {"web", "sender"},
    {"app", "worker"},
)


def sources(*folders):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imports_of(path):
    """(module, line, inside a function) for every import of the file."""
    tree = ast.parse(path.read_text())
    inner = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno, id(node) in inner) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((f"{node.module}.{alias.name}", node.lineno, id(node) in inner) for alias in node.names)


def offenders(paths, forbidden):
    return [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in paths
        for module, line, _ in imports_of(path)
        if forbidden(path, module)
    ]


def starts(module, *roots):
    return any(module == root or module.startswith(root + ".") for root in roots)


def test_shared_imports_no_service_and_no_assembly():
    assert not offenders(sources("shared"), lambda _p, m: starts(m, "services", "commonground"))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_imports_no_other_service(service):
    others = [f"services.{other}" for other in SERVICES if other != service] + ["commonground"]
    assert not offenders(sources(f"services/{service}"), lambda _p, m: starts(m, *others))


def test_only_the_kafka_adapter_imports_kafka():
    def forbidden(path, module):
        return starts(module, "kafka") and "shared/bus/kafka" not in str(path)

    assert not offenders(sources("shared", "services", "commonground"), forbidden)


def test_only_config_reads_the_environment():
    reading = []
    for path in sources("shared", "services", "commonground"):
        if path == ROOT / "shared/config.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            # The environ of a WSGI request has the same name and is none of the process's.
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"}:
                reading += [f"{path.relative_to(ROOT)}:{node.lineno}"] * (getattr(node.value, "id", "") == "os")
            if isinstance(node, ast.ImportFrom) and node.module == "os":
                taken = {alias.name for alias in node.names} & {"environ", "getenv", "environb"}
                reading += [f"{path.relative_to(ROOT)}:{node.lineno}"] * bool(taken)
    assert not reading


def test_the_domain_is_pure():
    import sys

    def forbidden(path, module):
        service = path.relative_to(ROOT).parts[1]
        own = module.startswith(f"services.{service}.domain")
        return not own and module.partition(".")[0] not in sys.stdlib_module_names

    domains = [path for service in SERVICES for path in sources(f"services/{service}/domain")]
    assert not offenders(domains, forbidden)


@pytest.mark.parametrize("service", SERVICES)
def test_rooms_import_only_inwards(service):
    level_of = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}

    def forbidden(path, module):
        parts = module.split(".")
        here = path.relative_to(ROOT / "services" / service).parts[0].removesuffix(".py")
        there = parts[2] if len(parts) > 2 and parts[:2] == ["services", service] else None
        return here in level_of and there in level_of and level_of[there] > level_of[here]

    assert not offenders(sources(f"services/{service}"), forbidden)


def test_only_web_rooms_know_flask():
    def forbidden(path, module):
        if not starts(
            module, "flask", "flask_smorest", "flask_wtf", "flask_login", "flask_babel", "werkzeug", "gunicorn"
        ):
            return False
        parts = path.relative_to(ROOT).parts
        web = "web" in parts or parts[-1] in ("app.py", "web.py")
        return not web and parts[:2] not in (("commonground", "embedded"), ("commonground", "demo"))

    assert not offenders(sources("shared", "services", "commonground"), forbidden)


def test_our_own_code_is_imported_at_the_top():
    inside = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in sources("shared", "services")
        for module, line, inner in imports_of(path)
        if inner and starts(module, "shared", "services", "commonground")
    ]
    assert not inside


def test_web_processes_hold_no_kafka_client():
    """Importing each web application, in a fresh interpreter, loads no module of the client."""
    import subprocess
    import sys

    for service in SERVICES:
        code = f"import services.{service}.app, sys; sys.exit('kafka' in sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{service}: {done.stderr or 'kafka is loaded'}"


def modules():
    """Every module of ours by its dotted name."""
    named = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in sources(*FOLDERS)}
    return {name.removesuffix(".__init__"): path for name, path in named.items()}


def circle_from(start, graph):
    """A way along imports from a module back to itself; [] when there is none."""
    ways = [[start]]
    seen = set()
    while ways:
        way = ways.pop()
        for there in graph[way[-1]]:
            if there == start:
                return [*way, start]
            if there not in seen:
                seen.add(there)
                ways.append([*way, there])
    return []


def test_no_modules_import_each_other_in_a_circle():
    """Imports only for the type checker count too: whoever reads one module would have to read the other."""
    known = modules()
    graph = {}
    for name, path in known.items():
        imported = {module for module, _, _ in imports_of(path)}
        graph[name] = {
            there if there in known else there.rpartition(".")[0]
            for there in imported
            if there in known or there.rpartition(".")[0] in known
        }
    circles = {" → ".join(circle) for name in graph if (circle := circle_from(name, graph))}
    assert not circles
