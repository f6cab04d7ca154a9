"""Downhill only: what the import contracts of pyproject.toml say; `make check` runs them."""

import ast
import os
import re
import subprocess
import sys
import tomllib

import pytest

from integrations import registry
from tests.house import HOME, name, python_files

# What pages may use of the layers below: what is done, asked, filled in and shown, and the
# vocabulary of it. Not the engine, the outbox's claims, connections, or how a mail is written.
FOR_PAGES = re.compile(
    r"portal\.(conferences|sync|platforms|outbox)\."
    r"((\w+\.)?(services|(\w+_)?queries|forms|models)\b"
    r"|(fields|rules|states|walltime|recurrence|repeating|kinds|addresses)$)"
)
CONFIG = tomllib.loads((HOME / "pyproject.toml").read_text())["tool"]["importlinter"]


def test_layers_are_those_of_the_plan():
    layers = next(c["layers"] for c in CONFIG["contracts"] if c["type"] == "layers")
    assert layers == [
        "portal.staff",
        "portal.sync",
        "portal.conferences",
        "portal.outbox",
        "portal.platforms",
        "portal.identity",
        "portal.common",
        "integrations",
    ]


@pytest.mark.parametrize("slug", registry.slugs())
def test_each_platform_is_kept_apart_from_the_sandbox(slug):
    """A sixth platform must stand in the contracts as well."""
    by_name = {contract["name"]: contract for contract in CONFIG["contracts"]}
    sandbox = by_name["The sandbox is written from the documents, never from a client"]
    assert f"integrations.{slug}" in sandbox["forbidden_modules"]
    apart = by_name["Platforms do not know each other, and none knows the sandbox"]
    assert f"integrations.{slug}" in apart["modules"]
    emulated = by_name["Emulated platforms do not know each other"]
    assert f"integrations.sandbox.{slug}" in emulated["modules"]


ALONE = """
import pkgutil, sys
from importlib import import_module

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"werkzeug", "markupsafe"} or name == "integrations.sandbox":
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
import django
django.setup()
import integrations, portal
SKIPPED = ("integrations.sandbox", "portal.staff.management.commands.seed_demo")
for package in (integrations, portal):
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.startswith(SKIPPED):
            import_module(found.name)
"""


def test_production_needs_nothing_of_the_sandbox():
    """Neither its modules nor its server are there in a production install (`install.py run`)."""
    surroundings = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ALONE], cwd=HOME, capture_output=True, text=True, env=surroundings
    )
    assert done.returncode == 0, done.stderr[-2000:]
    locked = (HOME / "requirements.txt").read_text()
    assert not re.search("^(werkzeug|markupsafe)==", locked, re.M)


def test_who_reads_an_upload_loads_nothing_of_the_queue():
    """The process starts anew for each file and each pasted list; Celery took half of it."""
    code = "import sys, portal.common.reader.reading; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=HOME, capture_output=True, text=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert "email_validator" in loaded, done.stderr[-2000:]
    assert not {"celery", "kombu", "requests", "openpyxl"} & loaded


@pytest.mark.parametrize("package", ["base", "sandbox", *registry.slugs()])
def test_modules_of_a_package_import_each_other_in_one_direction(package):
    """Also where types alone are imported: no module needs, over others, itself."""
    prefix = f"integrations.{package}"
    graph = {module: _imported(module, prefix) for module in _modules(prefix)}
    while leaves := [module for module, needs in graph.items() if not needs]:
        for leaf in leaves:
            del graph[leaf]
        graph = {module: needs - set(leaves) for module, needs in graph.items()}
    assert not graph, "these import each other in a circle, or need such modules"


def _modules(prefix):
    folder = HOME / prefix.replace(".", "/")
    for path in folder.rglob("*.py"):
        parts = path.relative_to(HOME).with_suffix("").parts
        yield ".".join(parts).removesuffix(".__init__")


def _imported(module, prefix):
    """The modules below the prefix that a module names in its imports."""
    path = HOME / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    known, found = set(_modules(prefix)), set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(prefix):
            parts = {f"{node.module}.{alias.name}" for alias in node.names} & known
            whole = {node.module} & known if len(parts) < len(node.names) else set()
            found |= parts | whole
    return found - {module}


def test_pages_import_only_what_is_made_for_them():
    """A page that reaches past them knows how something is done, and stands in its way."""
    wrong = [
        f"{name(path)}: {found}"
        for path in python_files("portal/staff")
        for found in _modules_used(path)
        if re.match(r"portal\.(conferences|sync|platforms|outbox)\.", found)
        and not FOR_PAGES.match(found)
    ]
    assert not wrong


def _modules_used(path):
    """The modules that a file imports, those named behind `import` included."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                whole = f"{node.module}.{one.name}"
                file = HOME / whole.replace(".", "/")
                yield whole if file.is_dir() or file.with_suffix(".py").exists() else node.module
