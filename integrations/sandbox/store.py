"""State as plain rows in tables, so that it can be shown, saved and loaded without knowing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Row = dict[str, Any]


# Columns by which rows are looked up often; an index serves them.
INDEXED = ("address", "session_id", "room_id")


class Store:
    """Tables of rows by id, for one account of one platform.

    Rows are plain JSON values. Every change goes through `add`, `change` or `remove`, which call
    `changed`, so that what is saved is never behind. Callers hold the world's lock.
    """

    def __init__(self, changed: Callable[[], None], first_ids: dict[str, int]) -> None:
        self._changed = changed
        self._first_ids = first_ids
        self._tables: dict[str, dict[int, Row]] = {}
        self._sequences: dict[str, int] = {}
        self._index: dict[tuple[str, str, Any], dict[int, Row]] = {}

    def rows(self, table: str, **wanted: Any) -> list[Row]:
        """Rows whose values equal `wanted`, in the order of their ids."""
        key = next((key for key in INDEXED if key in wanted), None)
        found = self._tables.get(table, {})
        if key is not None:
            found = self._index.get((table, key, wanted[key]), {})
        rows = [row for row in found.values() if all(row.get(k) == wanted[k] for k in wanted)]
        return sorted(rows, key=lambda row: int(row["id"]))

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
        self._enter(table, kept)
        self._changed()
        return kept

    def change(self, table: str, row_id: int, **values: Any) -> Row:
        """Raises KeyError where there is no such row."""
        row = self._tables[table][row_id]
        self._leave(table, row)
        row.update(values)
        self._enter(table, row)
        self._changed()
        return row

    def remove(self, table: str, row_id: int) -> None:
        row = self._tables.get(table, {}).pop(row_id, None)
        if row is not None:
            self._leave(table, row)
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
        self._index = {}
        for name, rows in self._tables.items():
            for row in rows.values():
                self._enter(name, row)

    def _enter(self, table: str, row: Row) -> None:
        for key in INDEXED:
            if key in row:
                self._index.setdefault((table, key, row[key]), {})[row["id"]] = row

    def _leave(self, table: str, row: Row) -> None:
        for key in INDEXED:
            if key in row:
                del self._index[table, key, row[key]][row["id"]]
