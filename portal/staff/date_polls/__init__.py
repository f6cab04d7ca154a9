"""Find a date: times are proposed, people are asked, one of the times is scheduled."""
