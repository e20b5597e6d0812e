"""Pulumi's dynamic provider around the service."""
