"""Tests of the classes that a program writes with."""
