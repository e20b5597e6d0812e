"""How Pulumi reaches the life of a resource."""
