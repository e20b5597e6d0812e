"""Tests of the processing of data."""
