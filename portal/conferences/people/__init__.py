"""People and groups: reading lists of them, importing, merging."""
