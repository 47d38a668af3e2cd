"""The HTTP client: the policy of every request to OneTest."""
