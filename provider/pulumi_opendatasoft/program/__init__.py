"""The classes that a program writes with: resources, values and files. Imports Pulumi."""
