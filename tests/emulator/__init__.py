"""Tests of the emulator, over HTTP."""
