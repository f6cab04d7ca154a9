"""What staff fill in. A form reads and checks; the services decide and act."""
