"""Measurements that a person runs by hand; `make test` never does."""
