"""The Automation API over HTTP. Knows no resource type."""
