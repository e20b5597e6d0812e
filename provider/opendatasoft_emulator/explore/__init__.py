"""The Explore API, version 2.1: published datasets and their records, read-only."""
