"""The account keeps what an administrator sets; the rest stands in its runtime row since 0007.

Apart from 0007, since PostgreSQL alters no table in a transaction that has filled it.
"""

from django.db import migrations

GONE = (
    "problem",
    "checked_at",
    "synced_at",
    "next_sync_at",
    "lease_owner",
    "lease_until",
    "lease_fence",
    "pace",
    "rate_tat",
    "blocked_until",
    "fail_count",
    "open_until",
    "tokens",
    "token_lock_until",
)


class Migration(migrations.Migration):
    dependencies = [("platforms", "0007_runtime")]

    operations = [
        *(migrations.RemoveField("platformaccount", name) for name in GONE),
        migrations.AlterModelOptions(
            "platformaccount", {"base_manager_name": "objects", "ordering": ["label"]}
        ),
    ]
