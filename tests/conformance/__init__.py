"""The project against the official description of the Automation API, as far as its committed digest contains it."""
