"""The file broker of the demo, made safe against files that are still being written.

The one that comes with Celery writes a message where readers look for it, and moves it to another
directory (often another disk: a copy) before it reads it. A reader then meets an empty or half
written file, and its worker ends. Here a message appears whole, by a rename, and is taken by one.
What is no message all the same is left out with a line in the log: a message only notifies.
"""

import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem, virtual
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)
TAKEN = ".taken"


class Channel(filesystem.Channel):
    """Messages and tables of queues as files, each of which is there whole or not at all."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time.monotonic_ns():020}_{uuid.uuid4()}.{queue}.msg"
        _write(Path(self.data_folder_out) / name, dumps(payload))

    def _get(self, queue: str, timeout: Any = None) -> Any:
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            mine = folder / f"{name}{TAKEN}"
            try:
                os.rename(folder / name, mine)
                text = mine.read_bytes()
                mine.unlink()
            except OSError:
                continue  # another worker was quicker
            try:
                return loads(text.decode())
            except ValueError:
                logger.warning("a message for %s was not whole; it is left out", queue)
        raise Empty

    def get_table(self, exchange: str) -> list[Any]:
        try:
            return list(super().get_table(exchange))
        except ValueError:
            return []  # written by something else than this, and not to its end

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        table = self.get_table(exchange)
        if bound not in table:
            file = self._exchange_file(exchange)
            file.parent.mkdir(exist_ok=True)
            _write(file, dumps([bound, *table]))


class Transport(filesystem.Transport):
    Channel = Channel
    # One state for all connections of a process, and none of the other transport's.
    global_state = virtual.BrokerState()


def _write(file: Path, text: str) -> None:
    """Have a file appear whole, or change from one whole state to the next."""
    draft = file.with_name(f"{uuid.uuid4()}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)


def use() -> None:
    """Have `filesystem://` mean this one."""
    TRANSPORT_ALIASES["filesystem"] = "portal.common.broker:Transport"
