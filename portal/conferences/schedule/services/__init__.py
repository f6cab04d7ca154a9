"""Schedule, move, cancel."""
