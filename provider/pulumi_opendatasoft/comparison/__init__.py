"""What a portal holds beside another one, beside a project, and beside all stacks."""
