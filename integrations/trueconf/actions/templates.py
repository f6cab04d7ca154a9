"""Templates of conferences and presets of broadcasts, which belong to the server."""

from typing import Annotated, Any

from integrations.base.reading import Row
from integrations.base.records import Draft, Kind
from integrations.base.texts import _, say
from integrations.trueconf.actions.arguments import Arguments, needed, short, target
from integrations.trueconf.adapter.context import Context
from integrations.trueconf.client.paging import PRESETS, TEMPLATES, every
from integrations.trueconf.mapping import conference
from integrations.trueconf.mapping.answers import confirm_deletion, ident, inside
from integrations.trueconf.mapping.ids import split
from integrations.trueconf.mapping.moments import unix
from integrations.trueconf.mapping.schedule import DAYS_OPTION
from integrations.trueconf.payloads import (
    Preset,
    PresetChange,
    PresetPayload,
    Template,
    TemplateChange,
)

# The one type of preset without keys of somebody's account in it.
PULL = "manualPull"
# What a template cannot carry: a date, and a password that we never see.
LEFT_OUT = ("starts_at", "duration_minutes", "access", DAYS_OPTION)


def templates(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """All templates of conferences."""

    def fetch(page: dict[str, Any]) -> Any:
        by_name = {"sort_by": "name", "sort_type": "asc"}
        return context.client.get_conference_template_list({**page, **by_name})

    return {"rows": [_template_row(row) for row in every(fetch, TEMPLATES)]}


def template_details(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """One template."""
    row = inside(context.client.get_conference_template(target(arguments)), "template")
    held = row.row("object")
    about = {name: held.text(name) for name in ("topic", "description")} if held else {}
    return {"facts": short(_template_row(row) | about)}


def save_as_template(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """A template with a conference's settings, without its date, people and password."""
    (their_id,) = split(external_id, 1)
    name = needed(arguments, "name", _("Give the template a name."))
    record = conference.decode(context.conference(their_id))
    fields = {n: value for n, value in record.fields.items() if n not in LEFT_OUT}
    draft = Draft(Kind.CONFERENCE, fields | {"permanent": True})
    body: TemplateChange = {
        "name": name,
        "object": conference.encode_create(draft, context.terms(), context.owner),
    }
    answer = context.client.create_conference_template(body)
    made = ident(inside(answer, "template"))
    return {"sentence": say("The template %(name)s was made.", name=name), "id": made}


def rename_template(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Another name for a template."""
    sent: TemplateChange = {"name": needed(arguments, "name", _("Give the template a name."))}
    answer = context.client.edit_conference_template(target(arguments), sent)
    inside(answer, "template")
    return {"sentence": _("The template was renamed.")}


def delete_template(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Remove a template; what was made from it stays."""
    confirm_deletion(context.client.delete_conference_template(target(arguments)), "template")
    return {"sentence": _("The template was removed.")}


def presets(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """All broadcast presets, without the keys in them."""
    return {"rows": [_preset_row(row) for row in every(context.client.get_preset_list, PRESETS)]}


def preset_details(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """One preset, without the keys in it."""
    row = inside(context.client.get_preset(target(arguments)), "preset")
    payload = row.row("payload")
    codecs = ("audio_codec", "video_codec")
    held = {name: payload.text(name) for name in codecs} if payload else {}
    return {"facts": short(_preset_row(row) | held)}


def create_preset(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """A preset from which others pull the stream; those with keys are made in the panel."""
    name = needed(arguments, "name", _("Give the preset a name."))
    payload: PresetPayload = {
        "audio_codec": str(arguments.get("audio_codec") or "AAC"),
        "video_codec": str(arguments.get("video_codec") or "H264"),
    }
    answer = context.client.create_preset({"name": name, "type": PULL, "payload": payload})
    made = ident(inside(answer, "preset"))
    return {"sentence": say("The preset %(name)s was made.", name=name), "id": made}


def rename_preset(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Another name for a preset."""
    sent: PresetChange = {"name": needed(arguments, "name", _("Give the preset a name."))}
    inside(context.client.edit_preset(target(arguments), sent), "preset")
    return {"sentence": _("The preset was renamed.")}


def delete_preset(context: Context, external_id: str, arguments: Arguments) -> dict[str, Any]:
    """Remove a preset."""
    confirm_deletion(context.client.delete_preset(target(arguments)), "preset")
    return {"sentence": _("The preset was removed.")}


def _template_row(row: Annotated[Row, Template]) -> dict[str, Any]:
    return {
        "id": ident(row),
        "name": row.text("name") or "",
        "by": row.text("creator_id") or "",
        "changed": unix(row, "updated_at") or unix(row, "created_at"),
    }


def _preset_row(row: Annotated[Row, Preset]) -> dict[str, Any]:
    return {
        "id": ident(row),
        "name": row.text("name") or "",
        "type": row.text("type") or "",
    }


ACTIONS = {
    "templates": templates,
    "template_details": template_details,
    "save_as_template": save_as_template,
    "rename_template": rename_template,
    "delete_template": delete_template,
    "presets": presets,
    "preset_details": preset_details,
    "create_preset": create_preset,
    "rename_preset": rename_preset,
    "delete_preset": delete_preset,
}
