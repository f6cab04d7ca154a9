"""While a webinar runs: who is there, chat, links, slides, video, virtual people, its end."""

from integrations.myownconference.actions.desk import Action, Arguments, Desk, Result, text, told
from integrations.myownconference.line import PLATFORM
from integrations.myownconference.mapping import after
from integrations.myownconference.mapping.reading import confirm, ident, refuse


def participants(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Everyone who is in the webinar now; refused by the platform while it does not run."""
    with desk.own.webinar(alias):
        return {"rows": after.online(desk.client.webinars_online_list(alias))}


def slides_show(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Show slide `slide` (from 1) of the presentation `id`."""
    slide = 1 if arguments.get("slide") is None else arguments["slide"]
    if type(slide) is not int or slide < 1:
        raise refuse("slide", "Slides are counted from 1.")
    with desk.own.webinar(alias):
        file_id = _file(desk, alias, arguments)
        confirm(desk.client.webinars_start_presentation(alias, file_id, slide), "presentation")
    return {}


def video_show(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Play the video `id`."""
    with desk.own.webinar(alias):
        file_id = _file(desk, alias, arguments)
        confirm(desk.client.webinars_start_video(alias, file_id), "video")
    return {}


def bots(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """The virtual attendees."""
    with desk.own.webinar(alias):
        return {"rows": after.bots(desk.client.webinars_get_bots_list(alias))}


def bot_add(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Make a virtual attendee `name` of `country`; answers its `id`."""
    name, country = text(arguments, "name", "a name"), text(arguments, "country", "a country")
    with desk.own.webinar(alias):
        answer = desk.client.webinars_add_bot_to_room(alias, name, country.upper())
        return {"id": ident(confirm(answer, "virtual attendee"), "id")}


def bot_remove(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Remove the virtual attendee `id`."""
    bot = text(arguments, "id", "the virtual attendee")
    with desk.own.webinar(alias):
        confirm(desk.client.webinars_remove_bot_from_room(alias, bot), "bot")
    return {}


def bot_say(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Write `text` into the chat as the virtual attendee `id`."""
    return _say(desk, alias, text(arguments, "id", "the virtual attendee"), arguments)


def virtual_moderator_add(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Make a virtual moderator `name` with the new address `email`."""
    name, email = text(arguments, "name", "a name"), text(arguments, "email", "an address")
    with desk.own.webinar(alias):
        confirm(desk.client.webinars_add_moder_to_room(alias, email, name), "moderator")
    return {}


def virtual_moderator_remove(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Remove the virtual moderator with the address `email`."""
    email = text(arguments, "email", "the address of the virtual moderator")
    with desk.own.webinar(alias):
        confirm(desk.client.webinars_remove_moder_from_room(alias, email), "moderator")
    return {}


def virtual_moderator_say(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Write `text` into the chat as the virtual moderator with the address `email`."""
    return _say(desk, alias, text(arguments, "email", "the virtual moderator"), arguments)


def _say(desk: Desk, alias: str, bot: str, arguments: Arguments) -> Result:
    message = text(arguments, "text", "a message")
    with desk.own.webinar(alias):
        confirm(desk.client.webinars_bot_message(alias, bot, message), "message")
    return {}


def _file(desk: Desk, alias: str, arguments: Arguments) -> str:
    """The file `id`, which must be one of the webinar's own."""
    wanted = text(arguments, "id", "a file")
    if after.download_link(desk.client.webinars_files_list(alias), "file", wanted) is None:
        raise refuse("id", f"{PLATFORM} does not list this file for the webinar.")
    return wanted


ACTIONS: dict[str, Action] = {
    "participants": participants,
    "chat_off": told("webinars_lock_chat"),
    "chat_on": told("webinars_unlock_chat"),
    "links_off": told("webinars_link_lock_in_chat"),
    "links_on": told("webinars_link_unlock_in_chat"),
    "slides_show": slides_show,
    "slides_stop": told("webinar_stop_presentation"),
    "video_show": video_show,
    "video_stop": told("webinars_stop_video"),
    "stop": told("webinars_finish"),
    "bots": bots,
    "bot_add": bot_add,
    "bot_remove": bot_remove,
    "bot_say": bot_say,
    "virtual_moderator_add": virtual_moderator_add,
    "virtual_moderator_remove": virtual_moderator_remove,
    "virtual_moderator_say": virtual_moderator_say,
}
