"""Tests of the checks before a program runs."""
