"""Say that the database was restored from a backup, so that nothing is done a second time."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.sync import restoring


class Command(BaseCommand):
    help = "After a restore, before workers are started: pause accounts, put what waits in doubt."

    def handle(self, *args: Any, **options: Any) -> None:
        found = restoring.after_restore()
        self.stdout.write(
            f"{found.accounts} accounts are paused. {found.creates} creates are looked for before "
            f"they are sent; of {found.actions} actions and {found.mails} mails it is not known "
            "whether they left. Look at what needs attention, then resume each account."
        )
