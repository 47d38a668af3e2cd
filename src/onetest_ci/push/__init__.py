"""Push: a bundle's way through the services of OneTest."""
