"""Downhill only: the import contracts of pyproject.toml hold, and each can be broken."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from integrations import registry
from tests.house import HOME

CONFIG = tomllib.loads((HOME / "pyproject.toml").read_text())["tool"]["importlinter"]
LINT = Path(sys.executable).parent / "lint-imports"


def test_contracts_are_kept():
    done = subprocess.run([LINT], cwd=HOME, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-3000:]


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
