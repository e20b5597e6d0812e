"""Tests of the types of properties, and of what follows from them."""
