"""What the public sees of a portal: the tests of the Explore API."""
