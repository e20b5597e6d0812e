"""An Opendatasoft (Huwise) open-data portal as code, for Pulumi."""
