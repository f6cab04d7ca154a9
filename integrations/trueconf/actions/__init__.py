"""What TrueConf is asked to do, by the names of `capabilities`: asked for, not synced.

Each action takes the account's context, the external id of what it is done to, and the arguments
that `capabilities.actions` names. It answers what staff see (see `base.capabilities.Action`), and
raises the errors of `integrations.base.errors`: RequestRejected for arguments that make no sense.
"""

from collections.abc import Callable, Mapping
from typing import Any

from integrations.trueconf.actions import access, content, live, people, templates
from integrations.trueconf.adapter.context import Context

PerformAction = Callable[[Context, str, Mapping[str, Any]], dict[str, Any]]

ACTIONS: dict[str, PerformAction] = {
    **live.ACTIONS,
    **access.ACTIONS,
    **content.ACTIONS,
    **people.ACTIONS,
    **templates.ACTIONS,
}

DOWNLOADS = content.DOWNLOADS
