"""What the pages about who takes part show."""
