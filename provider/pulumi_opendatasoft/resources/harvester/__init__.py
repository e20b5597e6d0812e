"""Harvesters: their declaration, their handler, and the values of their properties."""
