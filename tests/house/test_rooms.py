"""Every platform's room has the same furniture, and one slug everywhere."""

import ast
import inspect
import re
from importlib import import_module
from typing import is_typeddict

import pytest

from integrations import registry
from integrations.sandbox import Sandbox
from integrations.sandbox.world import PLATFORMS
from tests.house import HOME, name, python_files
from tools import write_docs

# What stands in a room, each as a module or, where it grew, as a package of that name by topic.
FURNITURE = (
    "client",
    "payloads",
    "mapping",
    "adapter",
    "actions",
    "capabilities",
    "credentials",
    "operations",
)
SHARED = {"base", "sandbox"}
# How many operations each platform's document describes
OPERATIONS = {
    "clickmeeting": 37,
    "myownconference": 54,
    "trueconf": 78,
    "livewebinar": 14,
    "webinarfuel": 11,
}
slugs = pytest.mark.parametrize("slug", registry.slugs())


@slugs
def test_furniture(slug):
    room = HOME / "integrations" / slug
    found = {path.stem for path in room.glob("*.py")} - {"__init__"}
    found |= {path.parent.name for path in room.glob("*/__init__.py")}
    assert found == set(FURNITURE), "the same names behind the same doors"
    assert (HOME / "integrations/sandbox" / slug / "__init__.py").exists(), "it has no emulator"
    assert len((room / "README.md").read_text().split()) > 100, "a README that says something"


def test_registry_and_folders_agree():
    folders = {path.parent.name for path in (HOME / "integrations").glob("*/__init__.py")}
    assert folders - SHARED == set(registry.slugs()) == set(PLATFORMS)


@slugs
def test_one_slug_everywhere(slug):
    room = registry.room(slug)
    assert room.slug == room.capabilities.slug == slug
    assert (HOME / f"templates/components/icons/platform-{slug}.svg").exists()
    assert room.default_base_url.startswith("https://")
    assert slug in Sandbox(seed=False).base_url(slug)


@slugs
def test_contract_is_kept(slug):
    """Each room runs through the promises that all adapters keep."""
    contract = HOME / "tests" / "contract"
    told = [p for p in contract.rglob("*.py") if slug in p.read_text() or slug in str(p)]
    general = [p for p in contract.rglob("*.py") if "registry.slugs()" in p.read_text()]
    assert told or general, f"tests/contract does not try {slug}"


@slugs
def test_client_has_every_operation_of_the_document(slug):
    """One public method for each operation: the client is whole."""
    assert len(client_methods(slug)) == OPERATIONS[slug]


@slugs
def test_every_operation_is_listed_tested_and_reached(slug):
    """`operations.py` names each documented operation, once, with its method and its test."""
    listed = write_docs.operations_of(slug)
    assert len(listed) == OPERATIONS[slug]
    assert {one.method for one in listed} == client_methods(slug)
    assert len({one.name for one in listed}) == len({one.method for one in listed}) == len(listed)
    untested = [one.method for one in listed if not write_docs.test_of(slug, one.method)]
    assert not untested, "no test calls these over HTTP"


def client_methods(slug: str) -> set[str]:
    client = import_module(f"integrations.{slug}.client").Client
    return {n for n, _ in inspect.getmembers(client, inspect.isfunction) if not n.startswith("_")}


# The methods of `reading.Row` that are given the name of a field.
READERS = {"text", "needed_text", "whole", "flag", "ident", "maybe_ident"}
READERS |= {"moment", "email", "link", "row", "plain"}


@slugs
def test_what_is_read_of_an_answer_stands_in_the_payloads(slug):
    """A reader of `payloads` sees every field that the room looks at."""
    payloads = import_module(f"integrations.{slug}.payloads")
    shapes = [shape for shape in vars(payloads).values() if is_typeddict(shape)]
    told = {field for shape in shapes for field in shape.__annotations__}
    read = set()
    for path in python_files(f"integrations/{slug}"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in READERS:
                read |= {a.value for a in node.args if isinstance(a, ast.Constant)}
    assert read, "it reads nothing by name"
    assert not {field for field in read if isinstance(field, str)} - told


def test_nothing_above_the_rooms_names_a_platform():
    """A sixth platform touches no model, page, task or engine."""
    names = re.compile("|".join(registry.slugs()), re.IGNORECASE)
    told = [name(p) for p in python_files("portal") if names.search(_code(p))]
    assert not told


def _code(path):
    """A file's code without its comments and docstrings, in which a platform may be an example."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            body[0] = ast.Pass()
    return ast.unparse(tree)


@slugs
def test_room_imports_nothing_outside(slug):
    import_module(f"integrations.{slug}.adapter")
    for path in python_files(f"integrations/{slug}"):
        for found in re.findall(r"^\s*(?:from|import) integrations\.(\w+)", path.read_text(), re.M):
            assert found in SHARED | {slug}, f"{name(path)} imports the room {found}"
