"""Pages about sessions, attendance and recordings."""
