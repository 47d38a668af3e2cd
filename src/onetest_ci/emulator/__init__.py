"""A local OneTest: real HTTP over one SQLite file, one module per service.

It shares no code with the client, so that a mistake cannot cancel itself out on both sides. What it does
follows the documented contract and, in the receiver, ReportPortal's; what goes beyond those is marked
``assumed`` on its route.

    server     listen, announce, stop                 app        routes, authentication, error answers
    calls      one request, its body within limits    errors     every refusal, in one table
    fields     JSON bodies checked, 422               times      what counts as a time
    schema     the tables                             store      the database
    files      contents on disk, named by hash        signing    presigned addresses
    keys       API keys, sessions, coins              lineage    release, sprint, build; a launch's links
    gateway, membership, test_management, artifacts, receiver: the services
    pages      what a person sees in a browser
"""
