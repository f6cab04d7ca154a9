"""People as the pages show them: their history as a timeline, two of them side by side."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.common.dates import FULL_DAY, written
from portal.common.reader.headings import LABELS
from portal.common.reader.own import PREFIX, OwnColumn, written_value
from portal.common.texts import shown
from portal.conferences.audience import answer_queries
from portal.conferences.models import Attendee, Change, PersonField
from portal.conferences.people.services import clauses, merged_answers
from portal.conferences.people.services.merged_answers import ANSWERED
from portal.staff.presenters import words
from portal.staff.presenters.history import action_word, who

_ICONS = {
    "added": ("user-plus", "accent"),
    "merged": ("arrows-right-left", "accent"),
    "merged away": ("arrows-right-left", "warning"),
    "joined a group": ("user-group", "accent"),
    "left a group": ("user-group", "neutral"),
    "tagged": ("tag", "accent"),
    "untagged": ("tag", "neutral"),
    "withdrawn": ("user-minus", "warning"),
    "registered again": ("user-plus", "success"),
    "resent": ("envelope", "neutral"),
    "created": ("plus", "accent"),
    "invited": ("paper-airplane", "accent"),
}


def timeline(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """What the timeline component wants of each line."""
    return [_entry(change) for change in changes]


def _entry(change: Change) -> dict[str, Any]:
    icon, kind = _ICONS.get(change.action, ("pencil", "neutral"))
    what = str(change.sentence) or action_word(change)
    what = f"{what[:1].upper()}{what[1:]}"
    if change.conference:
        what = _("%(webinar)s: %(what)s") % {"webinar": change.conference.title, "what": what}
    names = [] if change.action in ("added", "created") else [*change.before, *change.after]
    return {
        "at": change.at,
        "who": who(change),
        "what": what,
        "icon": icon,
        "kind": kind,
        "calls": change.calls,
        "changes": []
        if change.action == "merged away"
        else [
            {
                "label": _label(name),
                "before": words.value(name, change.before.get(name, "")),
                "after": words.value(name, change.after.get(name, "")),
            }
            for name in dict.fromkeys(names)
            if change.action != "merged" or _differed(name, change)
        ],
    }


def _differed(name: str, change: Change) -> bool:
    """Whether two who were merged said something different there; the rest has moved."""
    return name != "email" and name in change.before and name in change.after


def own_values(person: Attendee, columns: Iterable[OwnColumn]) -> list[tuple[str, str]]:
    """(column, value) of each own column in which something stands, in their order."""
    return [
        (column.label, own_value(person.own[column.key], column.kind))
        for column in columns
        if column.key in person.own
    ]


def with_listed(page: Iterable[Attendee], columns: Sequence[OwnColumn]) -> None:
    """Give each person of a page `listed`: (column, value) of each column, empty ones too."""
    for person in page:
        held = [(column, person.own.get(column.key)) for column in columns]
        person.listed = [  # type: ignore[attr-defined]
            (column.label, "" if value is None else own_value(value, column.kind))
            for column, value in held
        ]


def own_value(held: Any, kind: str) -> str:
    """A value of an own column as it is read."""
    if isinstance(held, bool):
        return _("Yes") if held else _("No")
    if kind == PersonField.Kind.DATE:
        return written(date.fromisoformat(held), FULL_DAY)
    return written_value(held)


def _label(name: str) -> str:
    if name.startswith(PREFIX):
        return name.removeprefix(PREFIX)
    if name.startswith(ANSWERED):
        return name.removeprefix(ANSWERED)
    return shown(LABELS[name]) if name in LABELS else words.label(name)


SHOWN = 5  # names of those who fit a rule


def rule_in_words(rule: clauses.Rule) -> str:
    """The rule as one sentence."""
    found = clauses.described(rule)
    if rule.get("join") == clauses.ANY:
        said = pgettext("between two conditions, one of which holds", " or ").join(found)
    else:
        said = pgettext("between two conditions, which both hold", " and ").join(found)
    return _("Whoever fits: %(conditions)s.") % {"conditions": said}


def left_without(groups: list[str]) -> str:
    """What becomes of groups by rule when what they ask for goes; empty where there are none."""
    if not groups:
        return ""
    said = ngettext(
        "A group by rule asks for it, and nobody will fit that line: %(names)s.",
        "Groups by rule ask for it, and nobody will fit these lines: %(names)s.",
        len(groups),
    )
    return said % {"names": words.listed(groups[:SHOWN])}


def fits(rule: clauses.Rule) -> dict[str, Any]:
    """How many fit a rule now, and the first of them."""
    rows = clauses.people(rule)
    count = rows.count()
    return {"count": count, "first": rows[:SHOWN] if count else [], "more": max(count - SHOWN, 0)}


def side_by_side(
    one: Attendee, other: Attendee, columns: Iterable[OwnColumn] = ()
) -> list[tuple[str, str, str, bool]]:
    """(label, one, other, whether they differ) for every field of a person, for the own columns in
    which something stands, and for the questions to which both answered something different."""
    fields = (
        "email",
        "first_name",
        "last_name",
        "company",
        "phone",
        "country",
        "language",
        "notes",
    )
    rows = [(_label(name), getattr(one, name), getattr(other, name)) for name in fields]
    own = [dict(own_values(person, columns)) for person in (one, other)]
    rows += [(n, own[0].get(n, ""), own[1].get(n, "")) for n in dict.fromkeys([*own[0], *own[1]])]
    for pair in merged_answers.find(one, other):
        if pair.differs:
            said = [pair.kept, pair.other]
            said.sort(key=lambda answer: answer.registration.attendee_id != one.pk)
            ours, theirs = map(answer_queries.as_read, said)
            rows.append((_label(pair.name), ours, theirs))
    return [(label, ours, theirs, ours != theirs) for label, ours, theirs in rows]
