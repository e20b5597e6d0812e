"""The tests of the emulator, over real HTTP."""
