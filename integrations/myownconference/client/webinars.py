"""Webinars: planning, letters, and what they leave behind."""

from typing import Annotated, Any

from integrations.myownconference.client.caller import CHANGE, CREATE, READ, Caller
from integrations.myownconference.payloads import (
    File,
    HistoryRow,
    Letter,
    LetterChange,
    NewWebinar,
    Online,
    Recording,
    Success,
    Webinar,
    WebinarChange,
    WebinarMade,
    WebinarQuery,
    WebinarRow,
)


class WebinarCommands(Caller):
    """[Webinars]"""

    def webinars_create(self, fields: NewWebinar) -> Annotated[Any, WebinarMade]:
        """Plan a webinar: `name`, `start`, `duration` in minutes, `description`."""
        return self._command(CREATE, "webinarsCreate", fields)

    def webinars_set(self, alias: str, changes: WebinarChange) -> Annotated[Any, Success]:
        """Change the given parameters; those of the room stand under `settings`."""
        return self._on_webinar(CHANGE, "webinarsSet", alias, **changes)

    def webinars_delete(self, alias: str) -> Annotated[Any, Success]:
        """Delete a webinar completely."""
        return self._on_webinar(CHANGE, "webinarsDelete", alias)

    def webinars_clone(self, alias: str, date: str) -> Annotated[Any, WebinarMade]:
        """Copy a webinar to another day (`YYYY-MM-DD`)."""
        return self._on_webinar(CREATE, "webinarsClone", alias, date=date)

    def webinars_list(self, params: WebinarQuery) -> Annotated[Any, list[WebinarRow]]:
        """Webinars by `fields` (empty: all), `status` ACTIVE or FINISHED, and `date`."""
        return self._command(READ, "webinarsList", params)

    def webinars_get_info(self, alias: str) -> Annotated[Any, Webinar]:
        """One webinar in full."""
        return self._on_webinar(READ, "webinarsGetInfo", alias)

    def webinars_get_letters_info(self, alias: str) -> Annotated[Any, dict[str, Letter]]:
        """The letters of a webinar by type: enabled, status, text."""
        return self._on_webinar(READ, "webinarsGetLettersInfo", alias)

    def webinars_set_letters(
        self, alias: str, kind: str, changes: LetterChange
    ) -> Annotated[Any, Success]:
        """Change one letter: `enabled` YES or NO, `text` (HTML; empty removes it)."""
        return self._on_webinar(CHANGE, "webinarsSetLetters", alias, type=kind, **changes)

    def webinars_letters_off(self, alias: str) -> Annotated[Any, Success]:
        """Write to nobody about this webinar."""
        return self._on_webinar(CHANGE, "webinarsLettersOff", alias)

    def webinars_letters_on(self, alias: str) -> Annotated[Any, Success]:
        """Write to the participants of this webinar again."""
        return self._on_webinar(CHANGE, "webinarsLettersOn", alias)

    def webinars_online_list(self, alias: str) -> Annotated[Any, Online]:
        """Who is in the webinar now: `moderators` and `guests`."""
        return self._on_webinar(READ, "webinarsOnlineList", alias)

    def webinars_records_list(self, alias: str) -> Annotated[Any, list[Recording]]:
        """The recordings of a webinar."""
        return self._on_webinar(READ, "webinarsRecordsList", alias)

    def webinars_record_delete(self, record_id: str) -> Annotated[Any, Success]:
        """Delete a recording."""
        return self._command(CHANGE, "webinarsRecordDelete", {"id": record_id})

    def webinars_files_list(self, alias: str, kind: str = "") -> Annotated[Any, list[File]]:
        """The files of a webinar; `kind` PRESENTATION, MEDIA, or empty for both."""
        more = {"type": kind} if kind else {}
        return self._on_webinar(READ, "webinarsFilesList", alias, **more)

    def webinars_history(self, alias: str, kind: str) -> Annotated[Any, list[HistoryRow]]:
        """`kind` chats (all messages) or visits (who came)."""
        return self._on_webinar(READ, "webinarsHistory", alias, type=kind)
