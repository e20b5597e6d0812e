"""A Python process that has imported everything already, and forks one for each program and provider of a test."""
