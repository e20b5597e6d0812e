"""A portal on this machine: the Automation API with real state and real processing of data."""
