"""What comes with the small lesson."""
