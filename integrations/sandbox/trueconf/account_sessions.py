"""Calls (runs of conferences), who was in them, recordings and logs, from the server's side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from integrations.sandbox.store import Row
from integrations.sandbox.trueconf import moments
from integrations.sandbox.trueconf.account_conferences import ConferencesOfServer
from integrations.sandbox.trueconf.account_people import BUSY, MULTIHOST, OFFLINE

# Reasons why a call ended [Objects | Call].
BY_SCHEDULE, BY_MODERATOR, BY_ADMINISTRATOR = 5, 10, 15
# Roles in a session [Objects | Conference Session Participant].
REGULAR, LISTENER, HOST, SPEAKER = 0, 1, 2, 4
ROLE_BASED = 3
BYTES_A_SECOND = 60_000


class SessionsOfServer(ConferencesOfServer):
    # Running

    """Runs of conferences: who is there, what is said, what is recorded and logged."""

    def start_session(
        self,
        room_id: int,
        attendees: Iterable[str | Row] = (),
        *,
        minutes: int = 60,
        started_at: datetime | None = None,
        chat: Iterable[str] = (),
    ) -> Row:
        """Run a conference: now, or from `started_at`, for so many minutes.

        It runs until they have passed, or is over already. Attendees are logins or addresses
        (those invited come under their name, others as guests), or dicts that say more: `who`,
        `display_name`, `role`, `joined` and `left` (minutes from the start). The owner is there
        in any case. `chat` holds lines `name: text`.
        """
        with self.world.lock:
            start = moments.unix(started_at or self.world.now())
            call = self.begin_call(room_id, start)
            owner = self.conference(room_id)["owner"]
            described: list[Row] = [
                {"who": one} if isinstance(one, str) else one for one in attendees
            ]
            for one in (Row(who=owner, role=HOST), *described):
                joined, left = one.get("joined", 0), one.get("left", minutes)
                self.join(
                    call["id"],
                    one["who"],
                    one.get("display_name", ""),
                    at=start + 60 * joined,
                    leave=start + 60 * left,
                    role=one.get("role"),
                )
            for place, line in enumerate(chat):
                name, _, text = line.partition(": ")
                self.say(call["id"], name, text, at=start + 60 * (place + 1))
            end = start + 60 * minutes
            return self.store.change("calls", call["id"], end=end, term_reason=BY_SCHEDULE)

    def end_session(self, call_id: int, reason: int = BY_ADMINISTRATOR) -> Row:
        """End a run now."""
        with self.world.lock:
            return self.finish_call(call_id, self.now(), reason)

    def begin_call(self, room_id: int, start: int) -> Row:
        """A call that runs from `start` (Unix seconds) until it is finished."""
        room = self.conference(room_id)
        row_id = self.store.next_id("calls")
        row = {
            "id": row_id,
            "room_id": room_id,
            "address": f"{row_id:08x}@{self.server_name}#vcs",
            "conference_id": room["address"],
            "topic": room["topic"],
            "owner": self.uid(room["owner"]),
            "subtype": room["type"],
            "start": start,
            "end": None,
            "term_reason": None,
            "recorded_from": start if room["recording"] else None,
            "recorded_seconds": 0,
        }
        self.log_event("conference_start", "conference", row["address"], at=start)
        return self.store.add("calls", row)

    def finish_call(self, call_id: int, end: int, reason: int) -> Row:
        """The call ends at `end`; what was recorded becomes a recording."""
        call = self.one("calls", call_id, "call")
        if call["recorded_from"] is not None or call["recorded_seconds"]:
            self.finish_recording(call, end)
        for visit in self.visits(call_id):
            if visit["leave"] is None or visit["leave"] > end:
                self.store.change("visits", visit["id"], leave=end)
        self.log_event("conference_end", "conference", call["address"], at=end)
        return self.store.change("calls", call_id, end=end, term_reason=reason)

    def running_call(self, room_id: int) -> Row | None:
        """The run of a conference that goes on now."""
        now = self.now()
        calls = self.store.rows("calls", room_id=room_id)
        return next((call for call in calls if is_running(call, now)), None)

    def open_call(self, room_id: int) -> Row | None:
        """The call that runs, or is about to."""
        now = self.now()
        calls = self.store.rows("calls", room_id=room_id)
        return next((call for call in calls if call["end"] is None or call["end"] > now), None)

    def running_calls(self) -> list[Row]:
        """All runs that go on now."""
        now = self.now()
        return [call for call in self.store.rows("calls") if is_running(call, now)]

    def sessions(self, room_id: int) -> list[Row]:
        """All runs of a conference, those too that have ended."""
        return self.store.rows("calls", room_id=room_id)

    # Who is there

    def join(
        self,
        call_id: int,
        who: str,
        display_name: str = "",
        *,
        at: int | None = None,
        leave: int | None = None,
        role: int | None = None,
        invited_at: int | None = None,
    ) -> Row:
        """Someone comes into a call, now unless told (Unix seconds)."""
        with self.world.lock:
            call = self.one("calls", call_id, "call")
            user = self.user(who)
            number = self.store.next_id("visits")
            guest = f"#guest:{self.code('guest', call_id, number, length=8)}@{self.server_name}"
            usual = LISTENER if call["subtype"] == ROLE_BASED else REGULAR
            row = {
                "id": number,
                "session_id": call_id,
                "login": user["login_name"] if user else "",
                "uid": self.uid(user["login_name"]) if user else guest,
                "instance": self.code("instance", number, length=12),
                "display_name": display_name or self._name_of(call["room_id"], who),
                "invite_time": invited_at,
                "join": self.now() if at is None else at,
                "leave": leave,
                "role": usual if role is None else role,
                "podium_from": None,
            }
            return self.store.add("visits", row)

    def leave(self, visit_id: int, at: int | None = None) -> Row:
        """Somebody leaves, now or at `at` (UNIX seconds)."""
        with self.world.lock:
            self.one("visits", visit_id, "visit")
            return self.store.change("visits", visit_id, leave=self.now() if at is None else at)

    def visits(self, call_id: int) -> list[Row]:
        """All visits to a run."""
        return self.store.rows("visits", session_id=call_id)

    def present(self, call: Row) -> list[Row]:
        """The visits of those who are in a call now."""
        now = self.now()
        if not is_running(call, now):
            return []
        return [visit for visit in self.visits(call["id"]) if _is_there(visit, now)]

    def status_of(self, user: Row) -> int:
        """Busy in a call, as its owner "multihost"; else what the user's client says."""
        for call in self.running_calls():
            for visit in self.present(call):
                if visit["login"] == user["login_name"]:
                    return MULTIHOST if call["owner"] == visit["uid"] else BUSY
        status: int = user["status"] if user["is_active"] else OFFLINE
        return status

    # Recordings

    def add_recording(
        self, room_id: int, *, seconds: int = 1800, started_at: datetime | None = None
    ) -> Row:
        """A finished recording of a conference; its last call is taken for the session."""
        with self.world.lock:
            room = self.conference(room_id)
            calls = self.sessions(room_id)
            start = moments.unix(started_at) if started_at else self.now() - seconds
            call = calls[-1] if calls else {**self._call_of_nothing(room), "start": start}
            return self._keep_recording(call, start, seconds)

    def finish_recording(self, call: Row, end: int) -> Row | None:
        """What has been recorded of a call so far becomes a file."""
        since = call["recorded_from"]
        seconds = call["recorded_seconds"] + (0 if since is None else max(0, end - since))
        self.store.change("calls", call["id"], recorded_from=None, recorded_seconds=0)
        return self._keep_recording(call, end - seconds, seconds) if seconds else None

    def delete_recording(self, recording_id: int) -> Row:
        """The file is gone; the log keeps the entry and says since when."""
        with self.world.lock:
            self.one("recordings", recording_id, "recording")
            return self.store.change("recordings", recording_id, deleted_at=self.now())

    def recordings(self, room_id: int) -> list[Row]:
        """Those whose files are there."""
        return self.store.rows("recordings", room_id=room_id, deleted_at=None)

    # Logs

    def say(self, call_id: int, who: str, text: str, *, at: int | None = None) -> Row:
        """A line in a call's chat, by a login or by a guest's name."""
        with self.world.lock:
            call, user = self.one("calls", call_id, "call"), self.user(who)
            guest = f"#guest:{self.code('chat', who, length=8)}@{self.server_name}"
            row = {
                "call": call["address"],
                "time": self.now() if at is None else at,
                "from_uid": self.uid(user["login_name"]) if user else guest,
                "from_name": user["display_name"] if user else who,
                "to": call["address"],
                "text": text,
            }
            return self.store.add("messages", row)

    def log_event(
        self,
        kind: str,
        object_type: str,
        object_name: str,
        payload: Row | None = None,
        *,
        severity: str = "low",
        ip: str = "192.0.2.10",
        at: int | None = None,
    ) -> Row:
        """Put an event into the server's log."""
        row: Row = {"type": kind, "object_type": object_type, "object_name": object_name}
        row |= {"payload": payload or {}, "severity": severity, "ip": ip}
        return self.store.add("events", {**row, "at": self.now() if at is None else at})

    def change_setting(self, object_type: str, old: str, new: str, by: str = "anonymous") -> Row:
        """The administrator changes a setting; `old` and `new` are JSON texts."""
        row = {"user": by, "at": self.now(), "object_type": object_type, "object_id": 0}
        row |= {"action": "edit", "comment": "edit", "old": old, "new": new}
        return self.store.add("settings", row)

    def _name_of(self, room_id: int, who: str) -> str:
        user, invitation = self.user(who), self.invitation(room_id, who)
        if user or invitation:
            return str((user or invitation or {})["display_name"])
        return who.partition("@")[0] or "guest"

    def _call_of_nothing(self, room: Row) -> Row:
        """For a recording without a call in the log."""
        return {
            "room_id": room["id"],
            "address": f"{room['id']:08x}@{self.server_name}#vcs",
            "conference_id": room["address"],
            "topic": room["topic"],
            "owner": self.uid(room["owner"]),
        }

    def _keep_recording(self, call: Row, start: int, seconds: int) -> Row:
        stem = call["address"].partition("@")[0]
        copied = {name: call[name] for name in ("room_id", "conference_id", "topic", "owner")}
        row = {
            **copied,
            "call": call["address"],
            "name": f"{stem}_{moments.file_stamp(start, self.zone)}.mkv",
            "started_at": start,
            "stopped_at": start + seconds,
            "deleted_at": None,
            "size": seconds * BYTES_A_SECOND,
        }
        return self.store.add("recordings", row)


def is_running(call: Row, now: int) -> bool:
    """Whether a run has begun and not ended at `now` (UNIX seconds)."""
    return call["start"] <= now and (call["end"] is None or call["end"] > now)


def role_of(visit: Row, now: int) -> int:
    """The role in a run; who was taken to the podium is a speaker."""
    on_podium = visit["podium_from"] is not None and visit["podium_from"] <= now
    return SPEAKER if on_podium else int(visit["role"])


def _is_there(visit: Row, now: int) -> bool:
    here: bool = visit["join"] is not None and visit["join"] <= now
    return here and (visit["leave"] is None or visit["leave"] > now)
