"""Long work that staff asked for: how far it is."""
