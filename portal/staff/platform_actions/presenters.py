"""What can be asked of a platform from a page, and its answers as tables and facts."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.capabilities import LIVE_LABELS, Action, Topic, no
from integrations.base.headings import heading
from integrations.base.records import Kind
from portal.common.texts import shown as text_of_room
from portal.conferences.models import Conference
from portal.identity import access
from portal.platforms.models import PlatformAccount
from portal.sync.queries.facts import accounts_of
from portal.sync.services.actions import Subject, reason_in_state

MOST_ROWS = 500
PARTS = ("sentence", "facts", "rows")
TITLES = {
    Topic.LIVE: (gettext_lazy("While it runs"), "signal"),
    Topic.ACCESS: (gettext_lazy("Ways in"), "key"),
    Topic.LETTERS: (gettext_lazy("Letters by the platform"), "envelope"),
    Topic.CONTENT: (gettext_lazy("Files, chats and reports"), "document-text"),
    Topic.ELSEWHERE: (gettext_lazy("On request"), "bolt"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One action as a button, a link or a part of the page; `reason` says why it is off.

    `at_once` marks one that needs no page of its own: nothing to fill in, nothing to confirm.
    """

    action: Action
    url: str
    reason: str = ""

    @property
    def at_once(self) -> bool:
        return not (self.action.fields or self.action.warning or self.action.upload)

    @property
    def unasked(self) -> bool:
        """Whether the page may read it by itself: what may let somebody in is asked for."""
        return self.at_once and self.action.harmless


@dataclass(slots=True)
class Panel:
    """The actions of one topic."""

    topic: Topic
    title: str
    icon: str
    reads: list[Offer] = field(default_factory=list)
    acts: list[Offer] = field(default_factory=list)
    off: list[Offer] = field(default_factory=list)


def panels(subject: Subject, topics: Iterable[Topic], user: User) -> list[Panel]:
    """What the account offers for a subject, topic by topic; a topic without anything is left
    out, but for what staff look for while a webinar runs: that is shown greyed, with the reason."""
    found, conference = [], _conference_of(subject)
    for topic in topics:
        title, icon = TITLES[topic]
        panel = Panel(topic, str(title), icon)
        for action in _actions(subject, topic):
            if action.target:
                continue
            offer = Offer(action, address(subject, action), _reason(action, user, conference))
            list_ = panel.off if not action.ability.offered else panel.acts
            (panel.reads if action.reads and not offer.reason else list_).append(offer)
        if panel.reads or panel.acts or panel.off:
            found.append(panel)
    return found


def row_offers(subject: Subject, read: str, user: User) -> list[Offer]:
    """What can be done to the rows of a reading action."""
    conference = _conference_of(subject)
    return [
        Offer(action, address(subject, action), _reason(action, user, conference))
        for action in subject.account.capabilities.actions.values()
        if action.target == read and action.of == subject.kind
    ]


def offers_of(account: PlatformAccount, kind: Kind, local_id: int, user: User) -> list[Offer]:
    """The actions of a row that has no page of its own: a session, a recording."""
    subject = Subject(account, kind, local_id)
    actions = [a for a in account.capabilities.actions.values() if a.of == kind and not a.target]
    return [Offer(a, address(subject, a), _reason(a, user)) for a in actions]


def places_of(person_id: int) -> list[dict[str, Any]]:
    """The accounts on which a person stands, each with the page of what can be asked there."""
    accounts = accounts_of(Kind.ATTENDEE, person_id)
    return [
        {"account": one, "url": about(Subject(one, Kind.ATTENDEE, person_id))} for one in accounts
    ]


def about(subject: Subject) -> str:
    """The page of all that can be asked about a row; empty where there is nothing."""
    if subject.kind is None or not has_any(subject.account, subject.kind):
        return ""
    return reverse("staff:ask-about", args=[subject.slug, subject.local_id])


def _actions(subject: Subject, topic: Topic) -> Iterable[Action]:
    offered = subject.account.capabilities.actions
    own = [a for a in offered.values() if a.topic is topic and a.of == subject.kind]
    # The table whose rows something of this topic is done to belongs beside it.
    tables = {a.target for a in own} - {a.name for a in own}
    own += [a for a in offered.values() if a.name in tables and a.of == subject.kind]
    if topic is Topic.LIVE and subject.kind is Kind.CONFERENCE:
        there = {action.name for action in own}
        why = _("%(platform)s does not offer it through its API.")
        absent = no(why % {"platform": subject.account.platform_name})
        own += [
            Action(name, label, absent, topic=topic)
            for name, label in LIVE_LABELS.items()
            if name not in there
        ]
    return own


def _conference_of(subject: Subject) -> Conference | None:
    """The conference that a subject is, as it stands now."""
    if subject.kind is not Kind.CONFERENCE:
        return None
    return Conference.objects.select_related("account").filter(pk=subject.local_id).first()


def _reason(action: Action, user: User, conference: Conference | None = None) -> str:
    if not action.ability.offered:
        return text_of_room(action.ability.sentence)
    if reason := reason_in_state(conference, action):
        return reason
    return access.reason_against(action, user)


def address(subject: Subject, action: Action) -> str:
    """Where an action is asked for."""
    page = "ask-file" if action.download else "ask"
    pk = subject.local_id if subject.kind else subject.account.pk
    return reverse(f"staff:{page}", args=[subject.slug, pk, action.name])


def has_any(account: PlatformAccount, kind: Kind) -> bool:
    """Whether an account's platform does anything on request to rows of a kind."""
    return any(a.of is kind and a.ability.offered for a in account.capabilities.actions.values())


def page_of(subject: Subject, conference: Conference | None, topic: Topic) -> str:
    """The page on which an action is offered, to go back to."""
    if subject.kind is None:
        return reverse("staff:account-ask", args=[subject.account.pk])
    if subject.kind is Kind.ATTENDEE:
        return reverse("staff:person", args=[subject.local_id])
    if conference is None:
        return reverse("staff:account", args=[subject.account.pk])
    if subject.kind in (Kind.REGISTRATION, Kind.MODERATOR):
        return reverse("staff:conference-people", args=[conference.pk])
    if subject.kind is Kind.SESSION:
        base = reverse("staff:conference-sessions", args=[conference.pk])
        return f"{base}?{urlencode({'session': subject.local_id})}"
    if subject.kind is Kind.RECORDING:
        return reverse("staff:conference-recordings", args=[conference.pk])
    live = topic in (Topic.LIVE, Topic.ACCESS)
    return reverse(f"staff:conference-{'live' if live else 'content'}", args=[conference.pk])


def shown(answer: Mapping[str, Any], offers: list[Offer]) -> dict[str, Any]:
    """An answer as the page shows it: sentence, facts, and a table with its buttons."""
    rows = [r for r in answer.get("rows") or [] if isinstance(r, dict)]
    names = list(dict.fromkeys(n for row in rows for n in row if n != "id"))
    facts = {**(answer.get("facts") or {}), **_plain(answer)}
    return {
        "sentence": text_of_room(answer.get("sentence") or ""),
        "facts": [(label(name), cell(value)) for name, value in facts.items()],
        "columns": [label(name) for name in names],
        "rows": [
            {
                "id": str(row.get("id") or ""),
                "cells": [{"label": label(n), **cell(row.get(n))} for n in names],
            }
            for row in rows[:MOST_ROWS]
        ],
        "more": max(len(rows) - MOST_ROWS, 0),
        "listed": "rows" in answer,
        "offers": offers,
    }


def _plain(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What stands beside the named parts of an answer: a link, a status, a percentage."""
    return {
        name: value
        for name, value in answer.items()
        if name not in PARTS and not isinstance(value, list | dict)
    }


def label(name: str) -> str:
    """A key as a heading."""
    return text_of_room(heading(name))


def cell(value: Any) -> dict[str, Any]:
    """A value for a table: an instant, a web address, or text."""
    if value in (None, "", [], {}):
        return {"text": "–"}
    if isinstance(value, bool):
        return {"text": _("Yes") if value else _("No")}
    if isinstance(value, list | dict):
        return {"text": json.dumps(value, ensure_ascii=False)[:500]}
    text = text_of_room(value) if isinstance(value, str) else str(value)
    if text.startswith(("https://", "http://")):
        return {"text": text, "url": text}
    moment = _moment(text)
    return {"moment": moment} if moment else {"text": text}


def _moment(text: str) -> datetime | None:
    if len(text) != len("2026-03-01T10:00:00Z") or text[10] != "T":
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def done(action: Action, answer: Mapping[str, Any]) -> str:
    """What a page says after an action."""
    said = text_of_room(answer.get("sentence") or "")
    named = {"action": text_of_room(action.label), "answer": said}
    return _("%(action)s: %(answer)s") % named if said else _("%(action)s: done.") % named
