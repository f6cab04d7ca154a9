"""Encrypt every stored secret anew with the first key of CREDENTIALS_KEYS."""

from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction

from portal.common import commands
from portal.common.fields import UNREADABLE, EncryptedJSONField, is_unreadable


class Command(commands.Command):
    """Put the new key first, run this, then take the old key away (docs/runbook.md).

    Raises ImproperlyConfigured at a value that none of the keys can read; what was done until
    then stays, and running it again does the rest.
    """

    help = "Encrypt every stored secret anew with the first key of CREDENTIALS_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        for model in apps.get_models():
            names = [f.name for f in model._meta.fields if isinstance(f, EncryptedJSONField)]
            if names:
                count = rotate(model, names)
                self.stdout.write(f"{model._meta.verbose_name_plural}: {count} rows")


def rotate(model: type[models.Model], names: list[str]) -> int:
    """Write each row's secrets back, which encrypts them with the first key."""
    rows = model._default_manager
    keys = list(rows.values_list("pk", flat=True))
    for key in keys:
        # The row is locked between reading and writing: nobody's new secret is overwritten.
        with transaction.atomic():
            values = rows.select_for_update().filter(pk=key).values(*names).first()
            opened = {name: sealed and sealed.open() for name, sealed in (values or {}).items()}
            if is_unreadable(*opened.values()):
                raise ImproperlyConfigured(f"{model._meta.verbose_name} {key}: {UNREADABLE}")
            if opened:
                rows.filter(pk=key).update(**opened)
    return len(keys)
