"""What people are told: letters, calendar entries, the queue, sending."""
