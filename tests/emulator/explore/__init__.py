"""Tests of the Explore API."""
