"""The types of properties and what follows from them: validation, comparison, encoding. Pure functions."""
