"""What needs a person, as rows and questions."""
