"""State as plain rows in tables, so that it can be shown, saved and loaded without knowing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Row = dict[str, Any]


class Store:
    """Tables of rows by id, for one account of one platform.

    Rows are plain JSON values. Every change goes through `add`, `change` or `remove`, which call
    `changed`, so that what is saved is never behind. Callers hold the world's lock.
    """

    def __init__(self, changed: Callable[[], None], first_ids: dict[str, int] | None = None) -> None:
        self._changed = changed
        self._first_ids = first_ids or {}
        self._tables: dict[str, dict[int, Row]] = {}
        self._sequences: dict[str, int] = {}

    def rows(self, table: str, **wanted: Any) -> list[Row]:
        """Rows whose values equal `wanted`, in the order of their ids."""
        rows = self._tables.get(table, {}).values()
        if not wanted:
            return list(rows)
        return [row for row in rows if all(row.get(key) == wanted[key] for key in wanted)]

    def get(self, table: str, row_id: int) -> Row | None:
        return self._tables.get(table, {}).get(row_id)

    def next_id(self, table: str) -> int:
        last = self._sequences.get(table, self._first_ids.get(table, 1) - 1)
        self._sequences[table] = last + 1
        return last + 1

    def add(self, table: str, row: Row) -> Row:
        """Keep a row, with an id of its own unless it brings one."""
        row_id = row["id"] if "id" in row else self.next_id(table)
        kept = self._tables.setdefault(table, {})[row_id] = {**row, "id": row_id}
        self._changed()
        return kept

    def change(self, table: str, row_id: int, **values: Any) -> Row:
        """Raises KeyError where there is no such row."""
        row = self._tables[table][row_id]
        row.update(values)
        self._changed()
        return row

    def remove(self, table: str, row_id: int) -> None:
        if self._tables.get(table, {}).pop(row_id, None) is not None:
            self._changed()

    def clear(self) -> None:
        self._tables.clear()
        self._sequences.clear()
        self._changed()

    def dump(self) -> dict[str, Any]:
        """A JSON-ready view that shares the rows: serialise it under the world's lock."""
        tables = {name: list(rows.values()) for name, rows in self._tables.items()}
        return {"tables": tables, "sequences": dict(self._sequences)}

    def load(self, saved: dict[str, Any]) -> None:
        self._sequences = {name: int(last) for name, last in saved["sequences"].items()}
        self._tables = {
            name: {row["id"]: row for row in rows} for name, rows in saved["tables"].items()
        }
