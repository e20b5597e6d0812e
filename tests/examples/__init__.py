"""The examples, each from `up` to `destroy` on the real engine."""
