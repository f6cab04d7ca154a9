"""Webinars: planning, letters, and what they leave behind."""

from typing import Any

from integrations.myownconference.client.caller import CHANGE, CREATE, READ, Caller, Params


class WebinarCommands(Caller):
    """[Webinars]"""

    def webinars_create(self, fields: Params) -> Any:
        """Plan a webinar: `name`, `start`, `duration` in minutes, `description`."""
        return self._ask(CREATE, "webinarsCreate", fields)

    def webinars_set(self, alias: str, changes: Params) -> Any:
        """Change the given parameters; those of the room stand under `settings`."""
        return self._room(CHANGE, "webinarsSet", alias, **changes)

    def webinars_delete(self, alias: str) -> Any:
        """Delete a webinar completely."""
        return self._room(CHANGE, "webinarsDelete", alias)

    def webinars_clone(self, alias: str, date: str) -> Any:
        """Copy a webinar to another day (`YYYY-MM-DD`)."""
        return self._room(CREATE, "webinarsClone", alias, date=date)

    def webinars_list(self, params: Params) -> Any:
        """Webinars by `fields` (empty: all), `status` ACTIVE or FINISHED, and `date`."""
        return self._ask(READ, "webinarsList", params)

    def webinars_get_info(self, alias: str) -> Any:
        """One webinar in full."""
        return self._room(READ, "webinarsGetInfo", alias)

    def webinars_get_letters_info(self, alias: str) -> Any:
        """The letters of a webinar by type: enabled, status, text."""
        return self._room(READ, "webinarsGetLettersInfo", alias)

    def webinars_set_letters(self, alias: str, kind: str, changes: Params) -> Any:
        """Change one letter: `enabled` YES or NO, `text` (HTML; empty removes it)."""
        return self._room(CHANGE, "webinarsSetLetters", alias, type=kind, **changes)

    def webinars_letters_off(self, alias: str) -> Any:
        """Write to nobody about this webinar."""
        return self._room(CHANGE, "webinarsLettersOff", alias)

    def webinars_letters_on(self, alias: str) -> Any:
        """Write to the participants of this webinar again."""
        return self._room(CHANGE, "webinarsLettersOn", alias)

    def webinars_online_list(self, alias: str) -> Any:
        """Who is in the webinar now: `moderators` and `guests`."""
        return self._room(READ, "webinarsOnlineList", alias)

    def webinars_records_list(self, alias: str) -> Any:
        """The recordings of a webinar."""
        return self._room(READ, "webinarsRecordsList", alias)

    def webinars_record_delete(self, record_id: str) -> Any:
        """Delete a recording."""
        return self._ask(CHANGE, "webinarsRecordDelete", {"id": record_id})

    def webinars_files_list(self, alias: str, kind: str = "") -> Any:
        """The files of a webinar; `kind` PRESENTATION, MEDIA, or empty for both."""
        more = {"type": kind} if kind else {}
        return self._room(READ, "webinarsFilesList", alias, **more)

    def webinars_history(self, alias: str, kind: str) -> Any:
        """`kind` chats (all messages) or visits (who came)."""
        return self._room(READ, "webinarsHistory", alias, type=kind)
