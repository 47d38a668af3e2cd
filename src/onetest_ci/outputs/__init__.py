"""Telling what happened: on the console, in files, and in the words of the CI host."""
