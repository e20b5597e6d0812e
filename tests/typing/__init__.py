"""What type checkers say of programs: that the right ones pass, and that each mistake is flagged."""
