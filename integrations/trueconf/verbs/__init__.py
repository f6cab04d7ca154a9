"""Our verbs, one class for each kind; the adapter calls only what the capabilities offer."""
