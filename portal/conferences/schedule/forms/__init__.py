"""What staff fill in about a conference; the services decide and act."""
