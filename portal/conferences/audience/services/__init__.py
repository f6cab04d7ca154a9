"""Register, invite, assign, withdraw."""
