"""The page of what needs a person, and its questions."""
