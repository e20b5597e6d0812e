"""Tests of what a portal holds beside stacks, projects and other portals."""
