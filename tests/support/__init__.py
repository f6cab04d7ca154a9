"""What several tests lean on, without Django."""
