"""The forms of the functions that take Inputs and return Outputs. Made by `make docs`: do not edit."""
