"""What a role opens in the portal, as permissions that a group or a person can be given."""

from django.db import models
from django.utils.translation import gettext as _


class Portal(models.Model):
    """No table: it only names the permissions (see `roles`)."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = (
            ("view_portal", "Can look at everything (role Viewer)"),
            ("act_as_staff", "Can plan, invite and answer (role Event staff)"),
            ("administer_accounts", "Can connect accounts (role Administrator)"),
        )

    def __str__(self) -> str:
        return _("what the roles open")
