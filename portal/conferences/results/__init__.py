"""What came of a conference: sessions, attendance, recordings."""
