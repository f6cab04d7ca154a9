"""What the reader says, on its way to whoever shows it.

Every sentence is marked (`integrations/base/texts.py`), and translated outside: the process that
reads an upload knows neither Django nor who asked.
"""

from collections.abc import Callable
from typing import Any

from integrations.base.texts import Said

_SAID = "said"


def reason(error: ValueError) -> str:
    """Why something was refused: our own sentence, or the words of a library."""
    found = error.args[0] if error.args else ""
    return found if isinstance(found, Said) else str(error)


def packed(value: Any) -> Any:
    """What was read, as JSON can hold it; sentences stay apart from what stands in them."""
    if isinstance(value, Said):
        return {_SAID: value.words, "params": packed(value.params)}
    if isinstance(value, dict):
        return {name: packed(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [packed(one) for one in value]
    return value


def unpacked(value: Any, shown: Callable[[Said], str]) -> Any:
    """What `packed` wrote, each sentence as `shown` has it."""
    if isinstance(value, list):
        return [unpacked(one, shown) for one in value]
    if not isinstance(value, dict):
        return value
    if _SAID in value:
        return shown(Said(value[_SAID], unpacked(value["params"], shown)))
    return {name: unpacked(one, shown) for name, one in value.items()}
