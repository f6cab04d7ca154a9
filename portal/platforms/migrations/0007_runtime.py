"""What the machine writes about an account gets a row of its own, with what stands there today."""

import django.db.models.deletion
from django.db import migrations, models

import portal.common.fields

MOVED = (
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


def move(apps, schema_editor):
    """Tokens go over as they were written: no key is needed."""
    using = schema_editor.connection.alias
    accounts = apps.get_model("platforms", "PlatformAccount").objects.using(using)
    runtime = apps.get_model("platforms", "AccountRuntime").objects.using(using)
    for values in accounts.order_by("pk").values("pk", *MOVED):
        runtime.create(account_id=values.pop("pk"), **values)


def move_back(apps, schema_editor):
    using = schema_editor.connection.alias
    accounts = apps.get_model("platforms", "PlatformAccount").objects.using(using)
    runtime = apps.get_model("platforms", "AccountRuntime").objects.using(using)
    for values in runtime.order_by("pk").values("pk", *MOVED):
        accounts.filter(pk=values.pop("pk")).update(**values)


class Migration(migrations.Migration):
    dependencies = [("platforms", "0006_changes_there")]

    operations = [
        migrations.CreateModel(
            name="AccountRuntime",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="runtime",
                        serialize=False,
                        to="platforms.platformaccount",
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=500)),
                (
                    "checked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last tested"),
                ),
                (
                    "synced_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last synced"),
                ),
                (
                    "next_sync_at",
                    models.DateTimeField(
                        blank=True, db_index=True, null=True, verbose_name="next sync due"
                    ),
                ),
                (
                    "lease_owner",
                    models.CharField(blank=True, max_length=60, verbose_name="worker at it"),
                ),
                (
                    "lease_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="at it until"),
                ),
                (
                    "lease_fence",
                    models.PositiveBigIntegerField(
                        default=0, verbose_name="how often it was taken up"
                    ),
                ),
                (
                    "pace",
                    models.FloatField(
                        blank=True,
                        help_text="Requests a minute, where the platform asked for fewer.",
                        null=True,
                    ),
                ),
                (
                    "rate_tat",
                    models.FloatField(default=0, verbose_name="budget even at (epoch seconds)"),
                ),
                (
                    "blocked_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="asked to wait until"),
                ),
                (
                    "fail_count",
                    models.PositiveIntegerField(default=0, verbose_name="failures in a row"),
                ),
                (
                    "open_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="left alone until"),
                ),
                ("tokens", portal.common.fields.EncryptedJSONField(blank=True, default=dict)),
                (
                    "token_lock_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="logging in until"),
                ),
            ],
            options={
                "verbose_name": "account's runtime",
                "verbose_name_plural": "accounts' runtime",
            },
        ),
        migrations.RunPython(move, move_back),
    ]
