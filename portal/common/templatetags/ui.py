"""The tags of the visual system: ``{% load ui %}``. Parameters: ``docs/design-system.md``."""

from . import _act, _lists, _show  # noqa: F401 (importing a module puts its tags into the library)
from ._library import register

__all__ = ["register"]
