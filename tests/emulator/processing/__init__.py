"""Tests of the processing of data, without a portal."""
