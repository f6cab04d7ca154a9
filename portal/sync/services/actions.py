"""Ask a platform for something now, while a person waits: read, perform, download.

What changes something is written into the outbox first, under the same law as all one-shot
actions: an outcome that nobody knows is shown and never repeated on doubt.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from integrations.base.adapter import Adapter, Download
from integrations.base.capabilities import Action, Topic
from integrations.base.errors import OutcomeUnknown, PlatformError, RequestRejected
from integrations.base.records import Kind
from portal.common.errors import NotPossible
from portal.common.texts import Sentence, Text, own_words, several
from portal.conferences import history
from portal.conferences.models import Conference
from portal.identity import access, roles
from portal.outbox import services as outbox
from portal.platforms import capacity
from portal.platforms.connections import open_adapter
from portal.platforms.models import PlatformAccount
from portal.sync import sentences
from portal.sync.context import answers_of
from portal.sync.models import PlatformLink
from portal.sync.services.entries import conference_of

ACCOUNT = "account"


class NobodyKnows(NotPossible):
    """It was sent, and whether it was done is not known: the entry waits for a person to look."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an action is done to: a row that stands on an account, or the account itself."""

    account: PlatformAccount
    kind: Kind | None = None
    local_id: int = 0

    @property
    def word(self) -> str:
        """The kind as outbox and history write it."""
        return self.kind or ACCOUNT

    @property
    def slug(self) -> str:
        """The kind as addresses write it; a person may stand on several accounts."""
        return f"{self.kind}-{self.account.pk}" if self.kind is Kind.ATTENDEE else self.word

    def external_id(self) -> str:
        """Their identifier; empty for the account itself. Raises NotPossible."""
        if self.kind is None:
            return ""
        links = PlatformLink.objects.filter(
            account=self.account, kind=self.kind, local_id=self.local_id
        )
        link = links.exclude(external_id=None).first()
        if link is None or link.state != PlatformLink.State.LIVE:
            said = _("It does not stand on %(platform)s now.")
            raise NotPossible(said % {"platform": self.account.platform_name})
        return str(link.external_id)


def action_of(subject: Subject, name: str) -> Action:
    """An action that the account offers for such a subject. Raises NotPossible with the reason."""
    found = subject.account.capabilities.actions.get(name)
    if found is None or found.of != subject.kind:
        said = _("%(platform)s has no such action.")
        raise NotPossible(said % {"platform": subject.account.platform_name})
    if not found.ability.offered:
        raise NotPossible(found.ability.sentence)
    return found


def reason_in_state(conference: Conference | None, action: Action) -> str:
    """Why an action makes no sense for a conference as it stands now; empty where it does.

    Only what changes something is off: what a webinar left behind can be looked at for ever.
    """
    if conference is None or action.reads or action.download:
        return ""
    if action.topic not in (Topic.LIVE, Topic.LETTERS):
        return ""
    named = {"platform": conference.account.platform_name}
    if conference.removed_at:
        return _("This webinar was cancelled: there is no room to do it in.")
    if conference.gone_at:
        return _("%(platform)s no longer has this webinar.") % named
    if conference.draft:
        return _("This is a draft: %(platform)s has no room for it yet.") % named
    over = conference.state == Conference.State.ENDED
    if over and (action.name == "start" or action.topic is Topic.LETTERS):
        return _("This webinar is over. Give it a new time, or duplicate it to run it again.")
    return ""


def _require_state(subject: Subject, action: Action) -> None:
    if subject.kind is not Kind.CONFERENCE:
        return
    row = Conference.objects.select_related("account").filter(pk=subject.local_id).first()
    if reason := reason_in_state(row, action):
        raise NotPossible(reason)


def read(
    subject: Subject, name: str, arguments: Mapping[str, Any], by: User | None
) -> dict[str, Any]:
    """The answer of an action that only reads. Raises NotPossible, NotAllowed."""
    roles.require(by, roles.VIEWER)
    action = action_of(subject, name)
    if not action.reads:
        raise NotPossible(_("This changes something: it is asked for by its button."))
    access.require_action(by, action)
    with _asking(subject) as (adapter, external_id):
        found = adapter.perform(name, external_id, arguments)
    if access.leaves_line(action):
        _record_asking(subject, action, arguments, by)
    return found


def download(
    subject: Subject, name: str, arguments: Mapping[str, Any], by: User | None
) -> Download:
    """A file; the adapter is closed when it is read to its end. Raises NotPossible, NotAllowed."""
    roles.require(by, roles.VIEWER)
    action = action_of(subject, name)
    if not action.download:
        raise NotPossible(_("There is no file to fetch."))
    access.require_action(by, action)
    external_id = subject.external_id()
    adapter = _opened(subject.account)
    try:
        found = adapter.download(name, external_id, arguments)
        first = next(found.chunks, b"")  # whatever is wrong shows here, before a page is answered
    except PlatformError as error:
        adapter.close()
        raise _refusal(error) from None
    _record_asking(subject, action, {"file": found.name}, by)
    return Download(found.name, found.content_type, _to_the_end(adapter, first, found.chunks))


def perform(
    subject: Subject, name: str, arguments: Mapping[str, Any], by: User | None, press: str = ""
) -> dict[str, Any]:
    """Do it now; answers what the platform said of it. `press` names the form that asks for it: one
    form is carried out once, unless it was surely refused.

    Raises NotPossible where it was not done, NobodyKnows where that is not known (it then waits on
    the page of what needs attention), and NotAllowed.
    """
    roles.require(by)
    action = action_of(subject, name)
    access.require_action(by, action)
    _require_state(subject, action)
    with _asking(subject) as (adapter, external_id):
        entry = outbox.begin(
            subject.account, subject.word, subject.local_id, name, _storable(arguments), by, press
        )
        try:
            result = adapter.perform(name, external_id, arguments)
        except OutcomeUnknown as error:
            said = several(own_words(error.message), sentences.DONE_OR_NOT)
            outbox.unknown(entry, said, answers=answers_of(error))
            raise NobodyKnows(_not_known(subject)) from None
        except PlatformError as error:
            capacity.learn(subject.account, error)
            outbox.forget(entry)
            raise
        outbox.done(entry, result)
    _record(subject, action, arguments, by)
    return result


def _not_known(subject: Subject) -> str:
    said = _(
        "It is not known whether %(platform)s did it. See Needs attention before you try again."
    )
    return said % {"platform": subject.account.platform_name}


@contextmanager
def _asking(subject: Subject) -> Iterator[tuple[Adapter, str]]:
    external_id = subject.external_id()
    if not subject.account.active:
        said = _("%(account)s is paused, or its credentials are refused.")
        raise NotPossible(said % {"account": subject.account.label})
    adapter = _opened(subject.account)
    try:
        yield adapter, external_id
    except PlatformError as error:
        raise _refusal(error) from None
    finally:
        adapter.close()


def _opened(account: PlatformAccount) -> Adapter:
    try:
        return open_adapter(account)
    except PlatformError as error:
        raise _refusal(error) from None


def _refusal(error: PlatformError) -> NotPossible:
    fields = error.field_errors if isinstance(error, RequestRejected) else {}
    return NotPossible(error.message, fields)


def _to_the_end(adapter: Adapter, first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield first
        yield from rest
    finally:
        adapter.close()


def _storable(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as the history keeps them: of a file its size alone, and no password."""
    kept = {name: value for name, value in arguments.items() if name != "password"}
    return {k: f"{len(v)} bytes" if isinstance(v, bytes) else v for k, v in kept.items()}


# Arguments that say whose link is asked for, or which file.
_WHOSE = ("person", "guest", "email", "nickname", "attendees", "role", "file")


def _record(
    subject: Subject, action: Action, arguments: Mapping[str, Any], by: User | None
) -> None:
    said = _of(subject, action, arguments, sentences.DONE_THERE, sentences.DONE_THERE_FOR)
    _line("done there", said, subject, action, by)


def _record_asking(
    subject: Subject, action: Action, arguments: Mapping[str, Any], by: User | None
) -> None:
    """Who asked for what may let somebody in; never the answer itself."""
    said = _of(subject, action, arguments, sentences.ASKED_THERE, sentences.ASKED_THERE_FOR)
    _line("asked there", said, subject, action, by)


def _of(
    subject: Subject, action: Action, arguments: Mapping[str, Any], plain: Sentence, whose: Sentence
) -> Text:
    """One sentence where nobody is named, the other where the arguments say whose it is."""
    said = {"action": own_words(action.label), "platform": subject.account.platform_name}
    given = [str(arguments[name]) for name in _WHOSE if arguments.get(name)]
    return whose(**said, whose=" · ".join(given)[:200]) if given else plain(**said)


def _line(action: str, sentence: Text, subject: Subject, asked: Action, by: User | None) -> None:
    history.record(
        action,
        subject.word,
        subject.local_id or subject.account.pk,
        actor=by,
        sentence=sentence,
        conference_id=conference_of(subject.word, subject.local_id),
        calls=[asked.name],
    )
