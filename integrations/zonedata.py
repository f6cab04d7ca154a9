"""Zone data come from the pinned package `tzdata`, never from the machine.

Python prefers the system's files, and those of a distribution may be older than a law: the same
webinar would stand at another instant on another machine.
"""

import os
import zoneinfo
from importlib import metadata


def use_package() -> None:
    """For this process and its children; before the first zone is looked up, best of all."""
    os.environ["PYTHONTZPATH"] = ""
    zoneinfo.reset_tzpath(())
    zoneinfo.ZoneInfo.clear_cache()


def source() -> str:
    """Which zone data are used: "tzdata 2026.6"; empty where they are not the package's."""
    if zoneinfo.TZPATH:
        return ""
    try:
        return f"tzdata {metadata.version('tzdata')}"
    except metadata.PackageNotFoundError:
        return ""
