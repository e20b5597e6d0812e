"""Lifecycles run against a portal in memory: the calls that an `up` will make, counted without a call."""
