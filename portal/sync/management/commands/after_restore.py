"""Say that the database was restored from a backup, so that nothing is done a second time."""

from typing import Any

from portal.common import commands
from portal.sync import restoring


class Command(commands.Command):
    help = "After a restore, before workers are started: pause accounts, put what waits in doubt."

    def handle(self, *args: Any, **options: Any) -> None:
        found = restoring.after_restore()
        self.stdout.write(
            f"{found.accounts} accounts are paused. {found.creates} creates are looked for before "
            f"they are sent; of {found.actions} actions and {found.mails} mails it is not known "
            "whether they left. What was done here since the backup will look like changes made on "
            "the platforms, and people may have heard of it: no account tells them by itself now. "
            "Look at what needs attention, then resume each account."
        )
