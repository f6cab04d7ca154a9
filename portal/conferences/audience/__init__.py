"""Who takes part: registrations, moderators, inviting, join links."""
