"""While a webinar runs: who is there, chat, links, slides, video, virtual people, its end."""

from integrations.base.errors import refused
from integrations.base.texts import _, say
from integrations.myownconference.actions.arguments import (
    Action,
    Arguments,
    Result,
    needed,
    only_sends,
)
from integrations.myownconference.adapter.context import Context
from integrations.myownconference.mapping import after
from integrations.myownconference.mapping.answers import confirm, ident
from integrations.myownconference.payloads import PLATFORM


def participants(context: Context, alias: str, arguments: Arguments) -> Result:
    """Everyone who is in the webinar now; refused by the platform while it does not run."""
    with context.owned.webinar(alias):
        return {"rows": after.online(context.client.webinars_online_list(alias))}


def slides_show(context: Context, alias: str, arguments: Arguments) -> Result:
    """Show slide `slide` (from 1) of the presentation `id`."""
    slide = 1 if arguments.get("slide") is None else arguments["slide"]
    if type(slide) is not int or slide < 1:
        raise refused(PLATFORM, "slide", _("Slides are counted from 1."))
    with context.owned.webinar(alias):
        file_id = _file(context, alias, arguments)
        confirm(context.client.webinars_start_presentation(alias, file_id, slide), "presentation")
    return {}


def video_show(context: Context, alias: str, arguments: Arguments) -> Result:
    """Play the video `id`."""
    with context.owned.webinar(alias):
        file_id = _file(context, alias, arguments)
        confirm(context.client.webinars_start_video(alias, file_id), "video")
    return {}


def bots(context: Context, alias: str, arguments: Arguments) -> Result:
    """The virtual attendees."""
    with context.owned.webinar(alias):
        return {"rows": after.bots(context.client.webinars_get_bots_list(alias))}


def bot_add(context: Context, alias: str, arguments: Arguments) -> Result:
    """Make a virtual attendee `name` of `country`; answers its `id`."""
    name, country = (
        needed(arguments, "name", _("Please give a name.")),
        needed(arguments, "country", _("Please give a country.")),
    )
    with context.owned.webinar(alias):
        answer = context.client.webinars_add_bot_to_room(alias, name, country.upper())
        return {"id": ident(confirm(answer, "virtual attendee"), "id")}


def bot_remove(context: Context, alias: str, arguments: Arguments) -> Result:
    """Remove the virtual attendee `id`."""
    bot = needed(arguments, "id", _("Please give the virtual attendee."))
    with context.owned.webinar(alias):
        confirm(context.client.webinars_remove_bot_from_room(alias, bot), "bot")
    return {}


def bot_say(context: Context, alias: str, arguments: Arguments) -> Result:
    """Write `text` into the chat as the virtual attendee `id`."""
    return _say(
        context, alias, needed(arguments, "id", _("Please give the virtual attendee.")), arguments
    )


def virtual_moderator_add(context: Context, alias: str, arguments: Arguments) -> Result:
    """Make a virtual moderator `name` with the new address `email`."""
    name, email = (
        needed(arguments, "name", _("Please give a name.")),
        needed(arguments, "email", _("Please give an address.")),
    )
    with context.owned.webinar(alias):
        confirm(context.client.webinars_add_moder_to_room(alias, email, name), "moderator")
    return {}


def virtual_moderator_remove(context: Context, alias: str, arguments: Arguments) -> Result:
    """Remove the virtual moderator with the address `email`."""
    email = needed(arguments, "email", _("Please give the address of the virtual moderator."))
    with context.owned.webinar(alias):
        confirm(context.client.webinars_remove_moder_from_room(alias, email), "moderator")
    return {}


def virtual_moderator_say(context: Context, alias: str, arguments: Arguments) -> Result:
    """Write `text` into the chat as the virtual moderator with the address `email`."""
    return _say(
        context,
        alias,
        needed(arguments, "email", _("Please give the virtual moderator.")),
        arguments,
    )


def _say(context: Context, alias: str, bot: str, arguments: Arguments) -> Result:
    message = needed(arguments, "text", _("Please give a message."))
    with context.owned.webinar(alias):
        confirm(context.client.webinars_bot_message(alias, bot, message), "message")
    return {}


def _file(context: Context, alias: str, arguments: Arguments) -> str:
    """The file `id`, which must be one of the webinar's own."""
    wanted = needed(arguments, "id", _("Please give a file."))
    if after.download_link(context.client.webinars_files_list(alias), "file", wanted) is None:
        raise refused(
            PLATFORM,
            "id",
            say("%(platform)s does not list this file for the webinar.", platform=PLATFORM),
        )
    return wanted


ACTIONS: dict[str, Action] = {
    "participants": participants,
    "chat_off": only_sends("webinars_lock_chat"),
    "chat_on": only_sends("webinars_unlock_chat"),
    "links_off": only_sends("webinars_link_lock_in_chat"),
    "links_on": only_sends("webinars_link_unlock_in_chat"),
    "slides_show": slides_show,
    "slides_stop": only_sends("webinar_stop_presentation"),
    "video_show": video_show,
    "video_stop": only_sends("webinars_stop_video"),
    "stop": only_sends("webinars_finish"),
    "bots": bots,
    "bot_add": bot_add,
    "bot_remove": bot_remove,
    "bot_say": bot_say,
    "virtual_moderator_add": virtual_moderator_add,
    "virtual_moderator_remove": virtual_moderator_remove,
    "virtual_moderator_say": virtual_moderator_say,
}
