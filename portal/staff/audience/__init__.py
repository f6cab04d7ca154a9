"""Pages about who takes part: inviting, registrations, moderators, join links."""
