"""Metadata of datasets: the templates and their fields, and the types of the fields' values."""
