"""Checks of what a program needs before it runs: domain, proxy, connection, API key, clock, permissions."""
