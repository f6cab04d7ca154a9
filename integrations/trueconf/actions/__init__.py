"""The one-shot things that TrueConf does, by the names of `capabilities`.

Each takes the account's desk, the external id of what it is done to, and arguments.
"""

from collections.abc import Callable, Mapping
from typing import Any

from integrations.trueconf.actions import access, content, live, persons, stock
from integrations.trueconf.desk import Desk

Done = dict[str, Any]
Act = Callable[[Desk, str, Mapping[str, Any]], Done]

ACTIONS: dict[str, Act] = {
    **live.ACTIONS,
    **access.ACTIONS,
    **content.ACTIONS,
    **persons.ACTIONS,
    **stock.ACTIONS,
}
