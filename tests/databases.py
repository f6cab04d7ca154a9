"""Tests that a database may answer differently: these run again on PostgreSQL and Redis.

Named by file, with what they meet there: locks and claims, transactions that break, constraints,
queries that one database takes and another does not, order and search, migrations, the broker.
Texts of pages, matrices of faults and laws of mappings are the same on every database.
`make test-databases` runs them, on the servers of DATABASE_URL and CELERY_BROKER_URL.
"""

from tests.profiles import AGAIN

MEETS = {
    "integration": {
        # Locks, claims and two connections
        "test_lease_and_budget": "lease and budget: one conditional UPDATE each",
        "test_pace": "the pace that is learned, in the account's row",
        "test_mail_locks": "a sender and an editor at the same moment",
        "test_mails": "the queue's claims",
        "test_mails_together": "several conferences locked in one order, a partial index",
        "test_series_services": "a series made once, rows locked in one order",
        "test_series_pages": "one job for many rows of several conferences",
        "test_series_remind": "one message about several dates, under their locks",
        "test_series_people_raced": "two browsers over the same dates, with locks of their own",
        "test_series_people_acts": "several dates changed at once, under their locks",
        "test_series_people": "counts of counts, a mark for each date",
        "test_weekly": "what a JSON column holds",
        "test_room_dates": "dates in a JSON column, moved on under a lock",
        "test_room_dates_raced": "the clock and several people at the dates of one room at once",
        "test_reminders": "who is reminded already: a constraint, and what it lets pass",
        "test_places_raced": "the last place, one link twice, a yes and a withdrawal at once",
        "test_mails_page_cost": "counts by conditions, and a union of them",
        "test_attention_approvals": "a partial index, counts beside rows in a union",
        "test_series_registered": "constraints, and counts by date",
        "test_date_polls": "two owners of a message: a constraint, joins, and groups of both",
        "test_invited_groups_raced": "one group, invited twice at once, and deleted meanwhile",
        "test_date_poll_outcomes": "counts through two relations, in a query of entries",
        "test_date_polls_raced": "answers, the end and the sender at one date poll at once",
        "test_reminders_raced": "several clocks at the same moment, and who moves a webinar",
        "test_mail_copies": "bytes, and lists of texts",
        "test_mail_acceptance": "the judgement under the conference's lock",
        "test_mail_people": "one calendar entry each: counts under a lock",
        "test_attention_mails": "many lost mails settled at once, under locks",
        "test_notes_between_transactions": "notes of one transaction, claimed by another",
        "test_sync_others_work": "edits between two transactions of a sync",
        "test_first_sync": "COPY, and batches that break",
        "test_watching": "one row, whoever asks at the same moment",
        "test_live": "claims, rows written or updated in one statement, a list as one parameter",
        "test_counted": "numbers that are counted under locks",
        "test_consent": "the lock of an account's tokens",
        "test_throttle": "failures counted by one statement",
        "test_done_twice": "the same answer given twice",
        "test_platform_changes": "questions settled under a lock",
        "test_main_moderator": "moderators changed under a lock",
        "test_roles_login": "sessions and failed logins",
        "test_migrated": "what the tests' own databases are copied from",
        "test_emptied": "keys between tables, which are looked at when a transaction ends",
        # Transactions, constraints, and what follows a restore
        "test_accounts_services": "what an account's row refuses",
        "test_conference_services": "history and outbox in one transaction",
        "test_people_merge": "rows that move past unique constraints",
        "test_merged_people": "rows that stay hidden",
        "test_moving": "rows that move to another conference",
        "test_attention_decisions": "answers under locks, with the whole engine",
        "test_restored": "savepoints, the database's clock and its mark",
        "test_rotate_credentials": "every stored secret written anew",
        "test_wrong_key": "secrets that cannot be read",
        "test_import_flow": "people made many at a time",
        "test_jobs": "parts that are committed with how far they have come",
        "test_jobs_raced": "two workers, two presses and whoever cancels, with locks of their own",
        "test_kept_as_codes": "a migration of what stands there, and a search of its own",
        "test_new_zone_data": "a migration of what stands there",
        "test_webinarfuel_sync": "its own transactions",
        # The whole engine, and what it costs
        "test_sync_engine": "the engine's statements",
        "test_sync_gone_there": "what is marked as gone",
        "test_sync_cost": "statements counted",
        "test_five_platforms": "each platform from end to end",
        # Queries: filters, order, search, and values that a column does not take
        "test_planner": "what takes place at some time of a day, and who runs it",
        "test_clash_warning": "times that overlap, on all accounts",
        "test_search_everywhere": "search and order in every alphabet",
        "test_tags": "rows that one query makes of another's, and a merge past a unique constraint",
        "test_own_columns": "values in JSON, found by trigrams, and taken out in one statement",
        "test_groups_by_rule": "conditions over many tables, one statement for all rules",
        "test_people_pages": "lists of people, filtered and ordered",
        "test_in_sync_state": "a state that the database says of thousands",
        "test_long_lists": "pages from both ends, counts beside rows, a union",
        "test_people_growth": "statements that grow with what is there",
        "test_conference_pages": "lists of webinars, filtered and ordered",
        "test_home_page": "the queue of work, and a database that is down",
        "test_attention_page": "the page that asks every table",
        "test_attention_lines": "a fixed number of queries",
        "test_admin_pages": "every list of the administration, searched and filtered",
        "test_people_admin": "users and roles",
        "test_bad_input_forms": "signs and numbers that a column refuses",
        "test_bad_input_addresses": "the same in addresses of pages",
    },
    "property": {
        "test_clashes": "times that overlap, against every minute",
        "test_sync_machine": "both sides, faults and crashes, with real transactions",
        "test_sync_guards": "each guard of the engine",
        "test_sync_guards_lost": "creates without an answer",
        "test_sync_guards_people": "people and groups",
        "test_sync_guards_running": "what keeps workers apart",
        "test_sync_guards_while": "what happens there while a sync runs",
    },
}
# What these tell of a platform takes the same statements and locks in one order or another: of the
# tests that play one, `ci` plays each third there; SQLite has them all, and so has the night.
TURNS = {"tests/integration/test_mail_acceptance.py", "tests/integration/test_restored.py"}
FILES = {f"tests/{kind}/{name}.py" for kind, names in MEETS.items() for name in names}
# On PostgreSQL these ask for less: fewer examples, texts or people, or one platform of several.
# Where both databases share a run, they stay whole on SQLite.
LESS_THERE = TURNS | {
    "tests/integration/test_bad_input_addresses.py",
    "tests/integration/test_bad_input_forms.py",
    "tests/integration/test_five_platforms.py",
    "tests/integration/test_import_flow.py",
    "tests/integration/test_platform_changes.py",
    "tests/integration/test_sync_others_work.py",
    "tests/property/test_sync_machine.py",
}


def repeated(items, shared):
    """The tests that are left to the other database. `shared`: it is played as well, by the same
    CI run."""
    if AGAIN:
        played = [item for item in items if _file(item) in TURNS and "[clickmeeting" in item.nodeid]
    elif shared:
        played = [item for item in items if _file(item) in FILES - LESS_THERE]
    else:
        played = []
    return [item for number, item in enumerate(played) if number % (3 if AGAIN else 4)]


def _file(item):
    return item.nodeid.split("::")[0]
