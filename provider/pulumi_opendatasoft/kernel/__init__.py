"""What a resource is: knows no HTTP and no engine."""
