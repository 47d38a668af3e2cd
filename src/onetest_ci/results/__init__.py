"""What the tests of a run come to: what people are shown, how they compare with earlier runs, and gates."""
