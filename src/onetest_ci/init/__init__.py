"""Write the file by which a CI host runs a project's tests and reports them to OneTest.

Everything in a checkout is hostile: files are read as data, links are not followed, nothing of the project
runs, and a name that would need quoting on a host is left out.
"""
