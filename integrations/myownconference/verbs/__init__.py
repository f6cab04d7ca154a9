"""Our verbs, one class for each kind of record."""
