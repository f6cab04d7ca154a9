"""The permissions that an application can be given.

Source: the line "Permission" of every operation in [trueconf.txt].
"""

SCOPES = (
    "conferences", "conferences:read", "conferences:write",
    "conferences.invitations", "conferences.invitations:read", "conferences.invitations:write",
    "conferences.participants", "conferences.participants:read", "conferences.participants:write",
    "conferences.records", "conferences.records:read",
    "conferences.broadcast_presets", "conferences.broadcast_presets:read",
    "conferences.broadcast_presets:write",
    "conferences.sessions:read", "conferences.sessions.participants:read",
    "conferences.sessions.podiums.participants:read",
    "conferences.sessions.podiums.participants:write",
    "groups", "groups:read", "groups:write",
    "groups.users", "groups.users:read", "groups.users:write",
    "users", "users:read", "users:write", "users.avatar:read", "users.avatar:write",
    "users.addressbook", "users.addressbook:read", "users.addressbook:write",
    "templates.conferences:read", "templates.conferences:write",
    "logs.calls:read", "logs.calls.participants:read", "logs.calls.invites:read",
    "logs.records:read", "logs.recordings:read", "logs.events:read", "logs.messages:read",
    "logs.settings:read",
)  # fmt: skip
