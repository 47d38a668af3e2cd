"""A local OneTest: real HTTP over one SQLite file, one module per service.

It shares no code with the client, so that a mistake cannot cancel itself out on both sides. What it does
follows the documented contract and, in the receiver, ReportPortal's; what goes beyond those is marked
``assumed`` on its route, and ``x-assumed`` in the OpenAPI document that is made from the routes.

    server     listen, announce, stop                 app        routes, authentication, error answers
    calls      one request; a route as data           errors     every refusal, in one table
    fields     JSON bodies: checked and described     shapes     answers: described
    openapi    the document, from the routes          paging     lists in pages
    schema     the tables                             store      the database
    files      contents on disk, named by hash        signing    signed addresses
    keys       API keys and sessions                  metering   coins, limits, the activity log
    lineage    a launch and its release, build …      times      what counts as a time
    gateway, membership (its entities), test_management, artifacts, receiver, api_keys: the services
    pages      what a person sees in a browser (rendering, tree, templates)
    history    what --seed fills a new database with
"""
