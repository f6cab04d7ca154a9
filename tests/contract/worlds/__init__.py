"""What the promises of `test_adapters.py` need to know of each platform, one file for each."""

from importlib import import_module
from typing import Any


def world(slug: str, sandbox: Any) -> Any:
    """The platform's world over a running sandbox."""
    return import_module(f"tests.contract.worlds.{slug}").World(sandbox)
