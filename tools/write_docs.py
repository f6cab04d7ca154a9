"""Write the generated documents from what the rooms say of themselves; `--check` only compares.

docs/capability-matrix.md: what each platform can do, and why not.
docs/operations.md: each documented operation, its client method, its test, where staff reach it.
docs/roles.md: which role sees which way in, and may ask a platform for what.
"""

import ast
import sys
from importlib import import_module
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

from django.conf import settings  # noqa: E402 - beside the next ones

if not settings.configured:  # the documents are in English, and need no other setting
    settings.configure(USE_I18N=False)

from integrations import registry  # noqa: E402 - found only after the line above
from integrations.base.capabilities import Ability, Capabilities, Level  # noqa: E402 - as above
from integrations.base.operations import Operation  # noqa: E402 - as above
from integrations.base.records import Kind  # noqa: E402 - as above
from portal.identity import access, roles  # noqa: E402 - as above

DOCS = HOME / "docs"
VERBS = ("list", "get", "create", "update", "delete")
SIGNS = {
    Level.FULL: "yes",
    Level.READ_ONLY: "read only",
    Level.PORTAL_ONLY: "here only",
    Level.BY_HAND: "by hand",
    Level.NONE: "-",
}
MATRIX_HEAD = """# What each platform can do

Written by `make docs` from `integrations/*/capabilities.py`; change it there. "here only": Lectern
keeps it, the platform never hears of it. "by hand": only in the platform's own panel. An account's
options may take something away; the account's page shows what is true of it.
"""
ROLES_HEAD = """# Who sees which way in

Written by `make docs` from `portal/identity/access.py` and `integrations/*/capabilities`; change it
there. *Viewer* reads, *Event staff* acts, *Administrator* connects accounts; somebody without a
role sees one page that says whom to ask. A role is a permission of `portal.identity`, which a group
holds whatever it is called, or a person. What changes something on a platform needs *Event staff*.
Where asking leaves a line, the history says who asked, for whose link and when, never the link.
"""
OPERATIONS_HEAD = """# Every documented operation

Written by `make docs` from `integrations/*/operations.py`; change it there. Each operation of the
platforms' documents has one method in its room's client, is called in the named test over real
HTTP, and is reached by staff as said, or has a reason why it is not offered.
"""


def matrix() -> str:
    """docs/capability-matrix.md."""
    rooms = [registry.room(slug).capabilities for slug in registry.slugs()]
    return "\n".join([MATRIX_HEAD, *overview(rooms), *(section(room) for room in rooms)])


def overview(rooms: list[Capabilities]) -> list[str]:
    """All platforms beside each other: the verbs that each carries out."""
    lines = [
        "| | " + " | ".join(room.name for room in rooms) + " |",
        "|---" * (len(rooms) + 1) + "|",
    ]
    for kind in Kind:
        cells = [", ".join(v for v in VERBS if getattr(r.kind(kind), v).offered) for r in rooms]
        lines.append(f"| {kind} | " + " | ".join(cell or "-" for cell in cells) + " |")
    signs = [SIGNS[room.answers.level] for room in rooms]
    return [*lines, f"| answers to a registration page | {' | '.join(signs)} |", ""]


def section(room: Capabilities) -> str:
    """One platform: its kinds, its actions, and why something is not there."""
    lines = [f"## {room.name}", "", "| | " + " | ".join(VERBS) + " |", "|---" * 6 + "|"]
    for kind, able in room.kinds.items():
        signs = [SIGNS[getattr(able, verb).level] for verb in VERBS]
        lines.append(f"| {kind} | " + " | ".join(signs) + " |")
    lines += ["", f"At most {room.requests_per_minute} requests a minute.", ""]
    lines += [f"Answers to a registration page: {_said(room.answers)}", ""]
    actions = [f"- {a.label}: {_said(a.ability)}" for a in room.actions.values()]
    if actions:
        lines += ["On request:", "", *actions, ""]
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


def operations() -> str:
    """docs/operations.md."""
    parts = [OPERATIONS_HEAD]
    for slug in registry.slugs():
        rows = operations_of(slug)
        parts.append(f"## {registry.room(slug).name}: {len(rows)} operations\n")
        parts.append("| Operation | Address | Client | Test | Where staff reach it |")
        parts.append("|---" * 5 + "|")
        parts += [_line(slug, row) for row in rows]
        parts.append("")
    return "\n".join(parts)


def operations_of(slug: str) -> tuple[Operation, ...]:
    """A platform's documented operations."""
    found: tuple[Operation, ...] = import_module(f"integrations.{slug}.operations").OPERATIONS
    return found


def _line(slug: str, row: Operation) -> str:
    where = row.where or f"not offered: {row.why_not}"
    address = row.address.replace("|", "\\|")
    test = test_of(slug, row.method) or "none"
    return f"| {row.name} | `{address}` | `{row.method}` | {test} | {where} |"


def test_of(slug: str, method: str) -> str:
    """The file that calls a client's method over real HTTP: by name, or out of a table of names."""
    for path in sorted((HOME / "tests" / "contract").glob(f"test_{slug}_client*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            named = isinstance(node, ast.Attribute) and node.attr == method
            listed = isinstance(node, ast.Constant) and node.value == method
            if named or listed:
                return f"[{path.name}](../tests/contract/{path.name})"
    return ""


def ways_in() -> str:
    """docs/roles.md."""
    order = (roles.VIEWER, roles.STAFF, roles.ADMINISTRATOR)
    lines = [ROLES_HEAD, f"| | {' | '.join(order)} | asking leaves a line |", "|---" * 5 + "|"]
    for rule in access.RULES.values():
        signs = [_sign(roles.includes(role, rule.role)) for role in order]
        lines.append(f"| {rule.what} | {' | '.join(signs)} | {_sign(rule.line)} |")
    for slug in registry.slugs():
        room = registry.room(slug).capabilities
        lines += ["", f"## {room.name}: what can be read on request", ""]
        lines += ["| | done to | least role | leaves a line |", "|---" * 4 + "|"]
        lines += [
            f"| {one.label} (`{one.name}`) | {one.of or 'account'} | {access.role_for(one)} | "
            f"{_sign(access.leaves_line(one))} |"
            for one in room.actions.values()
            if one.ability.offered and (one.reads or one.download)
        ]
    return "\n".join([*lines, ""])


def _sign(holds: bool) -> str:
    return "yes" if holds else "-"


DOCUMENTS = {"capability-matrix.md": matrix, "operations.md": operations, "roles.md": ways_in}


def stale() -> list[str]:
    """The documents that are not what would be written now."""
    return [
        name
        for name, write in DOCUMENTS.items()
        if not (DOCS / name).exists() or (DOCS / name).read_text() != write()
    ]


def main() -> int:
    """Write the documents, or say which are stale."""
    if "--check" in sys.argv:
        found = stale()
        print("\n".join(f"docs/{name} is stale: make docs" for name in found))
        return 1 if found else 0
    for name, write in DOCUMENTS.items():
        (DOCS / name).write_text(write())
    return 0


if __name__ == "__main__":
    sys.exit(main())
