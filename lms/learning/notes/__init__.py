"""What a trainee keeps for themselves: bookmarks, and notes at a lesson."""
