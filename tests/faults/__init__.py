"""Portals that fail, slowly, once, or for good: what a person is left with, and how the next `up` goes on."""
