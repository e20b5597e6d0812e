"""What the official description lets a client write, and which declared property writes it."""
