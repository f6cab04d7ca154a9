"""A webinar while it runs: virtual people, chat, slides, video, its end."""

from typing import Annotated, Any

from integrations.myownconference.client.caller import CHANGE, CREATE, NOTIFY, READ, Caller
from integrations.myownconference.payloads import Bot, BotMade, Success


class LiveCommands(Caller):
    """[Automated webinars]"""

    def webinars_add_moder_to_room(
        self, alias: str, email: str, name: str
    ) -> Annotated[Any, Success]:
        """Make a virtual moderator; the address must be a new one."""
        return self._on_webinar(CREATE, "webinarsAddModerToRoom", alias, email=email, name=name)

    def webinars_remove_moder_from_room(self, alias: str, email: str) -> Annotated[Any, Success]:
        """Remove a virtual moderator."""
        return self._on_webinar(CHANGE, "webinarsRemoveModerFromRoom", alias, email=email)

    def webinars_add_bot_to_room(
        self, alias: str, name: str, country: str
    ) -> Annotated[Any, BotMade]:
        """Make a virtual attendee; `country` in two letters. Answers its `id`."""
        return self._on_webinar(CREATE, "webinarsAddBotToRoom", alias, name=name, country=country)

    def webinars_remove_bot_from_room(self, alias: str, bot_id: str) -> Annotated[Any, Success]:
        """Remove a virtual attendee."""
        return self._on_webinar(CHANGE, "webinarsRemoveBotFromRoom", alias, id=bot_id)

    def webinars_get_bots_list(self, alias: str) -> Annotated[Any, list[Bot]]:
        """All virtual attendees."""
        return self._on_webinar(READ, "webinarsGetBotsList", alias)

    def webinars_bot_message(self, alias: str, bot: str, text: str) -> Annotated[Any, Success]:
        """Say something in the chat; `bot` is a virtual attendee's id or moderator's address."""
        return self._on_webinar(NOTIFY, "webinarsBotMessage", alias, bot=bot, text=text)

    def webinars_lock_chat(self, alias: str) -> Annotated[Any, Success]:
        """Participants can no longer write; moderators always can."""
        return self._on_webinar(CHANGE, "webinarsLockChat", alias)

    def webinars_unlock_chat(self, alias: str) -> Annotated[Any, Success]:
        """Participants can write again."""
        return self._on_webinar(CHANGE, "webinarsUnlockChat", alias)

    def webinars_link_lock_in_chat(self, alias: str) -> Annotated[Any, Success]:
        """Participants can no longer send links."""
        return self._on_webinar(CHANGE, "webinarsLinkLockInChat", alias)

    def webinars_link_unlock_in_chat(self, alias: str) -> Annotated[Any, Success]:
        """Participants can send links again."""
        return self._on_webinar(CHANGE, "webinarsLinkUnlockInChat", alias)

    def webinars_start_presentation(
        self, alias: str, file_id: str, slide: int
    ) -> Annotated[Any, Success]:
        """Show a slide of an uploaded presentation."""
        return self._on_webinar(CHANGE, "webinarsStartPresentation", alias, id=file_id, slide=slide)

    def webinar_stop_presentation(self, alias: str) -> Annotated[Any, Success]:
        """Stop showing slides. The command has no s after `webinar`."""
        return self._on_webinar(CHANGE, "webinarStopPresentation", alias)

    def webinars_start_video(self, alias: str, file_id: str) -> Annotated[Any, Success]:
        """Play an uploaded video, or one of YouTube or Vimeo."""
        return self._on_webinar(CHANGE, "webinarsStartVideo", alias, id=file_id)

    def webinars_stop_video(self, alias: str) -> Annotated[Any, Success]:
        """Stop the video."""
        return self._on_webinar(CHANGE, "webinarsStopVideo", alias)

    def webinars_finish(self, alias: str) -> Annotated[Any, Success]:
        """End a webinar that has started, and disconnect everyone."""
        return self._on_webinar(CHANGE, "webinarsFinish", alias)
