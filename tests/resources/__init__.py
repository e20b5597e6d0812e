"""The life of every resource type, property by property, on the adapter's real server and a portal of its own."""
