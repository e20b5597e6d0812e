"""The portal over HTTP: knows no Pulumi and no noun."""
