"""Show the outcome: on the console, in files, and to the CI host."""
