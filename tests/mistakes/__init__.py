"""The page of the guide with common mistakes, and exactly what a user sees for each."""
