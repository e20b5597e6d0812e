"""The lifecycle of a resource: check, diff, create, read, update, delete. Imports nothing of Pulumi."""
