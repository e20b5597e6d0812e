"""Tests of the functions, on one portal that another client has furnished."""
