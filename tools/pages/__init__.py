"""The generated parts of the reference pages, by what they are made from."""
