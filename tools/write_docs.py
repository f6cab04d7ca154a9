"""Write docs/capabilities.md from what the rooms say of themselves; `--check` only compares."""

import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

from integrations import registry  # noqa: E402 - found only after the line above
from integrations.base.capabilities import Ability, Capabilities, Level  # noqa: E402 - as above

TARGET = HOME / "docs" / "capabilities.md"
VERBS = ("list", "get", "create", "update", "delete")
SIGNS = {
    Level.FULL: "yes",
    Level.READ_ONLY: "read only",
    Level.PORTAL_ONLY: "here only",
    Level.BY_HAND: "by hand",
    Level.NONE: "-",
}
HEAD = """# What each platform can do

Written by `make docs` from `integrations/*/capabilities.py`; change it there. "here only": Lectern
keeps it, the platform never hears of it. "by hand": only in the platform's own panel.
"""


def document() -> str:
    """The whole document."""
    rooms = [registry.room(slug).capabilities for slug in registry.slugs()]
    return "\n".join([HEAD, *(section(room) for room in rooms)])


def section(room: Capabilities) -> str:
    """One platform: its kinds, its actions, and why something is not there."""
    lines = [f"## {room.name}", "", "| | " + " | ".join(VERBS) + " |", "|---" * 6 + "|"]
    for kind, able in room.kinds.items():
        signs = [SIGNS[getattr(able, verb).level] for verb in VERBS]
        lines.append(f"| {kind} | " + " | ".join(signs) + " |")
    lines += ["", f"At most {room.requests_per_minute} requests a minute.", ""]
    actions = [f"- {a.label}: {_said(a.ability)}" for a in room.actions.values()]
    if actions:
        lines += ["Actions:", "", *actions, ""]
    return "\n".join([*lines, "Why not:", "", *reasons(room), ""])


def reasons(room: Capabilities) -> list[str]:
    """One line for each reason, with the verbs that it speaks of."""
    verbs: dict[tuple[str, str], list[str]] = {}
    for kind, able in room.kinds.items():
        for verb in VERBS:
            ability = getattr(able, verb)
            if not ability.offered and ability.sentence:
                verbs.setdefault((kind, ability.sentence), []).append(verb)
    return [f"- {kind}, {', '.join(some)}: {said}" for (kind, said), some in verbs.items()]


def _said(ability: Ability) -> str:
    return f"{SIGNS[ability.level]}. {ability.sentence}".strip()


def main() -> int:
    """Write the document, or say that it is stale."""
    if "--check" in sys.argv:
        fresh = TARGET.exists() and TARGET.read_text() == document()
        print("" if fresh else "docs/capabilities.md is stale: make docs")
        return 0 if fresh else 1
    TARGET.write_text(document())
    return 0


if __name__ == "__main__":
    sys.exit(main())
