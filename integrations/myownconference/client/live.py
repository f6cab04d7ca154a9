"""A webinar while it runs: virtual people, chat, slides, video, its end."""

from typing import Any

from integrations.myownconference.client.caller import CHANGE, CREATE, NOTIFY, READ, Caller


class LiveCommands(Caller):
    """[Automated webinars]"""

    def webinars_add_moder_to_room(self, alias: str, email: str, name: str) -> Any:
        """Make a virtual moderator; the address must be a new one."""
        return self._room(CREATE, "webinarsAddModerToRoom", alias, email=email, name=name)

    def webinars_remove_moder_from_room(self, alias: str, email: str) -> Any:
        """Remove a virtual moderator."""
        return self._room(CHANGE, "webinarsRemoveModerFromRoom", alias, email=email)

    def webinars_add_bot_to_room(self, alias: str, name: str, country: str) -> Any:
        """Make a virtual attendee; `country` in two letters. Answers its `id`."""
        return self._room(CREATE, "webinarsAddBotToRoom", alias, name=name, country=country)

    def webinars_remove_bot_from_room(self, alias: str, bot_id: str) -> Any:
        """Remove a virtual attendee."""
        return self._room(CHANGE, "webinarsRemoveBotFromRoom", alias, id=bot_id)

    def webinars_get_bots_list(self, alias: str) -> Any:
        """All virtual attendees."""
        return self._room(READ, "webinarsGetBotsList", alias)

    def webinars_bot_message(self, alias: str, bot: str, text: str) -> Any:
        """Say something in the chat; `bot` is a virtual attendee's id or moderator's address."""
        return self._room(NOTIFY, "webinarsBotMessage", alias, bot=bot, text=text)

    def webinars_lock_chat(self, alias: str) -> Any:
        """Participants can no longer write; moderators always can."""
        return self._room(CHANGE, "webinarsLockChat", alias)

    def webinars_unlock_chat(self, alias: str) -> Any:
        """Participants can write again."""
        return self._room(CHANGE, "webinarsUnlockChat", alias)

    def webinars_link_lock_in_chat(self, alias: str) -> Any:
        """Participants can no longer send links."""
        return self._room(CHANGE, "webinarsLinkLockInChat", alias)

    def webinars_link_unlock_in_chat(self, alias: str) -> Any:
        """Participants can send links again."""
        return self._room(CHANGE, "webinarsLinkUnlockInChat", alias)

    def webinars_start_presentation(self, alias: str, file_id: str, slide: int) -> Any:
        """Show a slide of an uploaded presentation."""
        return self._room(CHANGE, "webinarsStartPresentation", alias, id=file_id, slide=slide)

    def webinar_stop_presentation(self, alias: str) -> Any:
        """Stop showing slides. The command has no s after `webinar`."""
        return self._room(CHANGE, "webinarStopPresentation", alias)

    def webinars_start_video(self, alias: str, file_id: str) -> Any:
        """Play an uploaded video, or one of YouTube or Vimeo."""
        return self._room(CHANGE, "webinarsStartVideo", alias, id=file_id)

    def webinars_stop_video(self, alias: str) -> Any:
        """Stop the video."""
        return self._room(CHANGE, "webinarsStopVideo", alias)

    def webinars_finish(self, alias: str) -> Any:
        """End a webinar that has started, and disconnect everyone."""
        return self._room(CHANGE, "webinarsFinish", alias)
