"""Tests of type checkers: valid programs pass, and each mistake is flagged."""
