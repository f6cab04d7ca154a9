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
    assert layers == ["portal.staff", "portal.sync", "portal.conferences", "portal.outbox",
                      "portal.platforms", "portal.common", "integrations"]  # fmt: skip


@pytest.mark.parametrize("slug", registry.slugs())
def test_each_sandbox_is_kept_apart_from_its_client(slug):
    apart = [
        set(contract["forbidden_modules"])
        for contract in CONFIG["contracts"]
        if f"integrations.{slug}.sandbox" in contract.get("source_modules", [])
    ]
    assert any({f"integrations.{slug}.{n}" for n in ("adapter", "client", "mapping")} <= names
               for names in apart)  # fmt: skip
