"""Datasets: their declaration, and one file per section."""
