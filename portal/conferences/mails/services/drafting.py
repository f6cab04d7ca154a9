"""What one message says to one person now: which news, by which link, counted how."""

from typing import Any

from portal.common.texts import Text
from portal.conferences import offers, sentences
from portal.conferences.links import answer_link, confirm_link, join_link
from portal.conferences.mails.services import news, polls
from portal.conferences.mails.services.letters import Content
from portal.conferences.mails.services.participants import (
    Row,
    address,
    name_of,
    role_of,
    roles_of,
    stands,
)
from portal.conferences.mails.services.reply_address import reply_address
from portal.conferences.mails.services.told import UNSENT, Notified, Told, notified_of
from portal.conferences.mails.services.wording import dress, in_our_words
from portal.conferences.models import Invitation, Moderator, Registration, UnconfirmedRegistration

_IN_CALENDARS = {
    Registration.Answer.YES.value: "ACCEPTED",
    Registration.Answer.MAYBE.value: "TENTATIVE",
    Registration.Answer.NO.value: "DECLINED",
}
Purpose, Answer, Stage = Invitation.Purpose, Registration.Answer, Registration.Stage


class Pointless(Exception):
    """There is nothing to tell this person any more; `why` says it."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.code)
        self.why = why


def compose(letter: Invitation) -> Content:
    """Settle what a message says, and note it on the letter (which is not saved).

    The calendar entry belongs to the person, not to a role: its count goes on from whatever they
    were sent, and its link is that of the role in which they take part. Raises Pointless.
    """
    if letter.asked is not None:
        return polls.content(letter.asked, letter)
    if letter.unconfirmed is not None:
        return _to_confirm(letter, letter.unconfirmed)
    row = letter.registration or letter.moderator
    if row is None:
        raise Pointless(sentences.MAIL_NOBODY)
    email = address(row)
    if not email:
        raise Pointless(sentences.MAIL_NO_ADDRESS)
    conference = letter.about
    roles = roles_of(conference, email)
    notified = notified_of(conference, roles).get(email, Notified())
    told = notified.told
    way = _way_in(row, roles)
    if letter.for_one:
        # Meanwhile they may have been given another role, or lost it.
        letter.purpose = Purpose.UPDATE if way else Purpose.CANCEL
    old = news_of(letter, notified)
    if letter.purpose == Purpose.CANCEL:
        # What ends is what they know, and not an edit that never reached them.
        conference = news.with_values(conference, {**told.before, **told.says})
    letter.before, letter.after = old, news.shown(conference)
    # A reminder brings the calendar entry to those alone who lack it, or have another.
    entry = letter.purpose != Purpose.REMIND or bool(old) or not told.invited
    waiting = waits(way or row, letter.purpose)
    entry = entry and not waiting
    if letter.purpose == Purpose.CANCEL:
        entry = told.entry  # there is nothing to take out of another calendar
    sent = notified.sequence
    letter.sequence = max(conference.sequence, sent + 1) if entry else max(0, sent)
    letter.with_entry = entry and conference.starts_at is not None
    content = Content(
        conference=conference,
        purpose=letter.purpose,
        email=email,
        name=name_of(row),
        link=join_link((way or row).token),
        note=letter.note,
        sequence=letter.sequence,
        old=old,
        known=told.invited,
        left=role_of(row) if letter.for_one and way else "",
        speaking=isinstance(way or row, Moderator),
        asks=asks(way or row),
        answer_link=_answer_link(way or row),
        entry=entry,
        by_self=by_self(way or row),
        waits=waiting,
        ends=ends(row),
        replies_to=_replies_to(way or row),
        said=_said(way or row),
    )
    return dress(content, row)


def _to_confirm(letter: Invitation, unconfirmed: UnconfirmedRegistration) -> Content:
    """What asks whoever has filled in a registration page to confirm it. Nothing else is told, not
    even a name: anybody can type any address, and would write to it what they like."""
    if unconfirmed.confirmed_at:
        raise Pointless(sentences.MAIL_TOLD)
    conference, series, dates = letter.about, unconfirmed.page.series, []
    if series is not None:
        dates = offers.meant(unconfirmed)
        if not dates:
            raise Pointless(sentences.MAIL_CANCELLED)
        conference = news.with_values(conference, {"title": series.title})
    content = Content(
        conference=conference,
        purpose=letter.purpose,
        email=unconfirmed.email,
        link=confirm_link(unconfirmed.token),
        known=False,
        entry=False,
        dates=dates,
    )
    return in_our_words(content, None)


def by_self(row: Row) -> bool:
    """Whether somebody has registered by themselves: nobody has invited them."""
    if not isinstance(row, Registration) or row.standing != Stage.REGISTERED:
        return False
    return row.invited_at is None and row.answer == Answer.YES


def asks(row: Row) -> bool:
    """Whether a message to somebody asks whether they come: they are only invited so far."""
    return isinstance(row, Registration) and row.stage == Registration.Stage.INVITED


def waits(row: Row, purpose: str) -> str:
    """The stage of who waits, in a message of what takes place; empty for all others."""
    if not isinstance(row, Registration) or purpose == Purpose.CANCEL:
        return ""
    return row.standing if row.standing in (Stage.APPROVAL, Stage.WAITLISTED) else ""


def ends(row: Row) -> str:
    """As what somebody is taken off who was never registered; empty for all others."""
    if not isinstance(row, Registration) or row.standing == Stage.REGISTERED:
        return ""
    return "invited" if row.stage == Stage.INVITED else "waiting"


def _answer_link(row: Row) -> str:
    """Where a guest answers; a speaker tells whoever has assigned them."""
    return answer_link(row.token) if isinstance(row, Registration) else ""


def _replies_to(row: Row) -> str:
    """Where the calendar of a guest answers."""
    return reply_address(row) if isinstance(row, Registration) else ""


def _said(row: Row) -> str:
    """What somebody has said, as calendars have it; who is registered comes, as far as is known."""
    if not isinstance(row, Registration):
        return ""
    if row.removed_at is None and row.is_registered and row.answer != Answer.MAYBE:
        return _IN_CALENDARS[Answer.YES]
    return _IN_CALENDARS.get(row.answer, "")


def _way_in(row: Row, roles: list[Row]) -> Row | None:
    """The row whose link a person uses: a speaker's once it leads somewhere; None without any."""
    standing = [one for one in roles if stands(one)]
    open_ = [one for one in standing if one.join_url]
    return next(iter([*open_, *(one for one in standing if one == row), *standing]), None)


def news_of(letter: Invitation, notified: Notified) -> dict[str, Any]:
    """The former values that a message names, beside what its reader was told so far. Raises
    Pointless where it has nothing to say."""
    _require_news(letter, notified)
    told = notified.told
    if letter.purpose == Purpose.REMIND:
        return told.outdated(news.shown(letter.about))
    return _old_values(letter, told) if letter.purpose == Purpose.UPDATE else {}


def _require_news(letter: Invitation, notified: Notified) -> None:
    told = notified.told
    if letter.purpose == Purpose.CANCEL and told.last == Purpose.CANCEL:
        raise Pointless(sentences.MAIL_TOLD)
    guest = letter.purpose == Purpose.INVITE and letter.registration_id is not None
    other = guest and told.invited and notified.by != letter.role_key
    if other and notified.at is not None and notified.at >= letter.created_at:
        # Invited in two roles at once: one message had the link for both.
        raise Pointless(sentences.MAIL_TOLD)


def _old_values(letter: Invitation, told: Told) -> dict[str, Any]:
    """The former values of what has changed, as the person knows them.

    A letter that speaks of no values (a move, a change of role) always has something to say; what
    has changed without a word so far, it says too.
    """
    now = news.shown(letter.about)
    if not letter.before:
        return told.outdated(now)
    meant = {name for name in letter.before if letter.after.get(name) == now.get(name)}
    old = {name: told.says.get(name, value) for name, value in letter.before.items()}
    changed = {name: value for name, value in old.items() if value != now.get(name)}
    if not changed:
        undone = all(now.get(name) == value for name, value in letter.before.items())
        raise Pointless(sentences.MAIL_UNDONE if undone else sentences.MAIL_TOLD)
    if _says_dates(letter, letter.about.dates):
        meant.add(news.DATES)
    if not meant & changed.keys():
        raise Pointless(sentences.MAIL_SUPERSEDED)
    return {name: value for name, value in changed.items() if name in meant} | told.given_up(now)


def _says_dates(letter: Invitation, now: list[str]) -> bool:
    """Whether it is the one to tell of dates: what it speaks of still holds, though others were
    changed since without a word, and no later message to this person will tell of all of them."""
    if not _holds(letter, now):
        return False
    later = Invitation.objects.filter(
        conference=letter.conference_id,
        registration=letter.registration_id,
        moderator=letter.moderator_id,
        purpose=Purpose.UPDATE,
        state__in=UNSENT,
        pk__gt=letter.pk,
    )
    return not any(_holds(one, now) for one in later)


def _holds(letter: Invitation, now: list[str]) -> bool:
    before, after = letter.before.get(news.DATES), letter.after.get(news.DATES)
    return before is not None and news.still_news(before, after or [], now)
