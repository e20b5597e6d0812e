"""Tests of the portal's client over real HTTP."""
