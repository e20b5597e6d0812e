"""Measurements that a person runs by hand (`make bench`); `make test` never does."""
