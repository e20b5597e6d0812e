"""Tests of lifecycles that run against a portal in memory."""
