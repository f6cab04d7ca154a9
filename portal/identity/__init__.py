"""Who may do what: roles, the rules for links and personal data, people who log in."""
