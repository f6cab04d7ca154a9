"""Operations on templates of conferences and on presets of broadcasts."""

from collections.abc import Mapping
from typing import Annotated, Any

from integrations.trueconf.client.caller import CHANGE, CREATE, READ, Caller, Params
from integrations.trueconf.payloads import (
    Preset,
    PresetChange,
    Template,
    TemplateChange,
)

TEMPLATES = ("templates", "conferences")
PRESETS = ("broadcast", "presets")
SECRET = ("stream_key", "password")


class Templates(Caller):
    """Topics "Conference Templates" (v3.1) and "Presets" (v3.3)."""

    def get_conference_template_list(self, params: Params) -> Annotated[Any, list[Template]]:
        """All templates; `sort_by`, `sort_type`."""
        return self._call(READ, "GET", "get template list", *TEMPLATES, params=params)

    def get_conference_template(self, template_id: str) -> Annotated[Any, Template]:
        """One template with its conference."""
        return self._call(READ, "GET", "get template", *TEMPLATES, template_id)

    def create_conference_template(self, fields: TemplateChange) -> Annotated[Any, Template]:
        """Make a template: `name`, and `object`, a conference."""
        return self._call(CREATE, "POST", "create template", *TEMPLATES, json=fields)

    def edit_conference_template(
        self, template_id: str, fields: TemplateChange
    ) -> Annotated[Any, Template]:
        """Change a template."""
        return self._call(CHANGE, "PUT", "edit template", *TEMPLATES, template_id, json=fields)

    def delete_conference_template(self, template_id: str) -> Any:
        """Remove a template."""
        return self._call(CHANGE, "DELETE", "delete template", *TEMPLATES, template_id)

    def get_preset_list(self, params: Params) -> Annotated[Any, list[Preset]]:
        """Presets; `page_id`, `page_size`, no total."""
        return self._call(READ, "GET", "get preset list", *PRESETS, params=params)

    def get_preset(self, preset_id: str) -> Annotated[Any, Preset]:
        """One preset; its payload holds the keys of a streaming service."""
        return self._call(READ, "GET", "get preset", *PRESETS, preset_id)

    def create_preset(self, fields: PresetChange) -> Annotated[Any, Preset]:
        """Make a preset: `name`, `type`, `payload`."""
        hide = _keys(fields)
        return self._call(CREATE, "POST", "create preset", *PRESETS, json=fields, hide=hide)

    def edit_preset(self, preset_id: str, fields: PresetChange) -> Annotated[Any, Preset]:
        """Change a preset."""
        send: dict[str, Any] = {"json": fields, "hide": _keys(fields)}
        return self._call(CHANGE, "PUT", "edit preset", *PRESETS, preset_id, **send)

    def delete_preset(self, preset_id: str) -> Any:
        """Remove a preset."""
        return self._call(CHANGE, "DELETE", "delete preset", *PRESETS, preset_id)


def _keys(fields: Mapping[str, Any]) -> tuple[str, ...]:
    payload = fields.get("payload")
    held = payload if isinstance(payload, Mapping) else {}
    return tuple(str(held[name]) for name in SECRET if held.get(name))
