"""Tests of what a resource is: each module of the kernel by itself, its lives on a real portal."""
