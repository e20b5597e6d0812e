"""A whole city's portal, which many people change, in the program and behind its back."""
