"""Stack traces: whose frames they contain, and which line of the checkout they lead to."""
