"""Pages about platform accounts: connect, health, syncs."""
