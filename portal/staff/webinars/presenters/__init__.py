"""What the pages about webinars show."""
