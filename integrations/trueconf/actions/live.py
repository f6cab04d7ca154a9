"""While a conference runs: start, end, record, who is in it, the podium."""

from functools import partial
from typing import Annotated, Any

from integrations.base.errors import UnexpectedAnswer, refused
from integrations.base.reading import Row
from integrations.base.texts import _, say, together
from integrations.trueconf.actions.arguments import (
    Arguments,
    needed,
    short,
    target,
    user_named,
    users_named,
)
from integrations.trueconf.adapter.context import Context
from integrations.trueconf.capabilities.actions import NOT_GUESTS
from integrations.trueconf.client.paging import ALL_PRESENT, PRESENT, every
from integrations.trueconf.mapping.answers import ident, inside, is_plainly_done
from integrations.trueconf.mapping.ids import split
from integrations.trueconf.mapping.moments import logged, unix
from integrations.trueconf.payloads import PLATFORM, CallIn, Participant, PodiumInvitation

ROLES = {
    -1: _("unknown"),
    0: _("participant"),
    1: _("listener"),
    2: _("host"),
    3: _("speaker on the podium"),
    4: _("speaker on the podium"),
    5: _("listener speaking without video"),
}
MODES = {0: _("all on screen"), 1: _("video lecture"), 3: _("role-based")}
SENTENCES = {
    "starting": _("It is starting; that it runs is seen a little later."),
    "running": _("It is running."),
    "stopping": _("It is ending; that it has ended is seen a little later."),
    "stopped": _("It has ended."),
}


def start(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Run it. The answer says that it begins, not that it runs."""
    (their_id,) = split(external_id, 1)
    return _state(context.client.run_conference(their_id), ("starting", "running"))


def stop(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """End it for everybody."""
    (their_id,) = split(external_id, 1)
    return _state(context.client.stop_conference(their_id), ("stopping", "stopped"))


def record_start(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Start the recording, or go on with it."""
    context.client.conference_record_start(*split(external_id, 1))
    return {"sentence": _("The recording was asked to start.")}


def record_pause(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Pause the recording."""
    context.client.conference_record_pause(*split(external_id, 1))
    return {"sentence": _("The recording was asked to pause.")}


def record_stop(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """End the recording."""
    context.client.conference_record_stop(*split(external_id, 1))
    return {"sentence": _("The recording was asked to stop.")}


def participants(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Who is in it: with roles since v3.3, from the conference's own list before."""
    (their_id,) = split(external_id, 1)
    if not context.reaches("v3.3"):
        found = every(partial(context.client.get_participant_list, their_id), ALL_PRESENT)
        return {"rows": [_participant_row(row, ident(row)) for row in found]}
    session = _session(context, their_id, needed_now=False)
    if not session:
        return {"rows": [], "sentence": _("It is not running now.")}
    found = every(partial(context.client.get_conference_session_participants, session), PRESENT)
    return {"rows": [_participant_row(row, row.needed_text("participant_id")) for row in found]}


def participant(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """One who is in it."""
    (their_id,) = split(external_id, 1)
    answer = context.client.get_participant(their_id, target(arguments))
    row = inside(answer, "participant")
    facts: dict[str, Any] = {
        _("Name"): row.text("display_name"),
        "TrueConf ID": row.text("login_name"),
        _("E-mail"): row.email("email"),
        _("Invited"): unix(row, "invite_time"),
        _("Joined"): unix(row, "join_time"),
    }
    return {"facts": short(facts)}


def session_now(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """The run that goes on now."""
    session = _session(context, *split(external_id, 1))
    row = inside(context.client.get_conference_session(session), "session")
    facts: dict[str, Any] = {
        _("Topic"): row.text("topic"),
        _("Mode"): MODES.get(row.whole("mode") or 0),
        _("Owner"): row.text("owner"),
        _("Since"): unix(row, "start_time"),
        _("Run"): row.needed_text("stream_id"),
    }
    return {"facts": short(facts)}


def kick(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Put somebody out; a participant is told by uid, not by login."""
    person = target(arguments)
    answer = context.client.kick_participant(_session(context, *split(external_id, 1)), person)
    return _moved(answer, _("They were put out of the webinar."))


def podium_invite(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Ask somebody to the podium, or put them there at once (v3.4)."""
    sent: PodiumInvitation = {"participant_id": target(arguments)}
    if arguments.get("force") is True and context.reaches("v3.4"):
        sent["force"] = True
    answer = context.client.invite_to_podium(_session(context, *split(external_id, 1)), sent)
    return _invited(answer, _("They were asked to the podium."))


def podium_remove(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Take somebody off the podium."""
    person = target(arguments)
    answer = context.client.remove_from_podium(_session(context, *split(external_id, 1)), person)
    return _moved(answer, _("They were taken off the podium."))


def call_in(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Ring one user, who then joins the running conference."""
    (their_id,) = split(external_id, 1)
    text = needed(arguments, "person", _("Name a user by e-mail address or TrueConf ID."))
    user = user_named(context, text, "person")
    inside(context.client.invite_participant(their_id, user), "participant")
    return {"sentence": _("TrueConf rings them now.")}


def call_people(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Ring several: `participants` up to v3.4, `invitations` since v3.5."""
    (their_id,) = split(external_id, 1)
    users = users_named(context, str(arguments.get("people") or ""), "people")
    if context.reaches("v3.5"):
        body: CallIn = {"invitations": [{"id": user} for user in users]}
    else:
        body = {"participants": users}
    return _invited(context.client.conference_invite(their_id, body), _("TrueConf rings them now."))


def notify(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """TrueConf's own mail to everybody who is invited."""
    answer = Row(context.client.conference_notify(*split(external_id, 1)), "notification", PLATFORM)
    if answer.flag("result") is not True:
        raise answer.broken("result")
    return {
        "sentence": together(_("TrueConf was asked to mail everybody who is invited."), NOT_GUESTS)
    }


def _session(context: Context, their_id: str, *, needed_now: bool = True) -> str:
    """The id of the run that goes on; empty, or refused, where there is none."""
    session = context.conference(their_id).text("stream_id") or ""
    if needed_now and not session:
        raise refused(PLATFORM, "", _("The webinar is not running now."))
    return session


def _participant_row(row: Annotated[Row, Participant], person: str) -> dict[str, Any]:
    role = row.whole("role")
    joined = row.value.get("join_time")
    return {
        "id": person,
        "name": row.text("display_name") or "",
        "role": "" if role is None else ROLES.get(role, str(role)),
        "joined": logged(row, "join_time") if isinstance(joined, dict) else unix(row, "join_time"),
    }


def _state(answer: Any, states: tuple[str, ...]) -> dict[str, Any]:
    state = Row(answer, "state", PLATFORM).needed_text("state")
    if state not in states:
        raise UnexpectedAnswer(
            say("%(platform)s answered with a state that it does not have.", platform=PLATFORM),
            platform=PLATFORM,
            operation="state",
        )
    return {"state": state, "sentence": SENTENCES[state]}


def _invited(answer: Any, sentence: str) -> dict[str, Any]:
    row = Row(answer, "invitation", PLATFORM)
    if row.flag("invite") is not True:
        raise row.broken("invite")
    return {"sentence": sentence}


def _moved(answer: Any, sentence: str) -> dict[str, Any]:
    if not is_plainly_done(answer):
        Row(answer, "participant", PLATFORM).needed_text("participant_id")
    return {"sentence": sentence}


ACTIONS = {
    "start": start,
    "stop": stop,
    "participants": participants,
    "participant": participant,
    "session_now": session_now,
    "kick": kick,
    "podium_invite": podium_invite,
    "podium_remove": podium_remove,
    "record_start": record_start,
    "record_pause": record_pause,
    "record_stop": record_stop,
    "call_in": call_in,
    "call_people": call_people,
    "invite_by_platform": notify,
}
