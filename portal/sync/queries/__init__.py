"""What pages ask about the sync. Nothing here changes anything."""

from portal.sync.queries.attention import (
    Item,
    attention,
    attention_count,
    attention_counts,
    attention_rows,
    items,
    one,
)
from portal.sync.queries.coming import coming, with_listed_dates
from portal.sync.queries.names import Named, names
from portal.sync.queries.overview import AccountView, account_views, runs, usual_calls, waiting
from portal.sync.queries.states import all_accounts, chips, line, lines
from portal.sync.queries.status import Chip, SyncLine
from portal.sync.queries.watching import Watching, watching

__all__ = [
    "AccountView",
    "Chip",
    "Item",
    "Named",
    "SyncLine",
    "Watching",
    "account_views",
    "all_accounts",
    "attention",
    "attention_count",
    "attention_counts",
    "attention_rows",
    "chips",
    "coming",
    "items",
    "line",
    "lines",
    "names",
    "one",
    "runs",
    "usual_calls",
    "waiting",
    "watching",
    "with_listed_dates",
]
