"""Tests of the command `opendatasoft`, on one portal."""
