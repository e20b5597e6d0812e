"""`make trust`: many faults, interruptions and hostile inputs, with a table of what came of them."""
