"""The examples, each from `up` to `destroy`, most of them on the real engine, and the code of the documents."""
