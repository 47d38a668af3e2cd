"""A local OneTest: an HTTP server over one SQLite file, with one module for each service.

It shares no code with the client: an error on one side cannot hide the same error on the other. The emulator
follows the documented contract, and in the Receiver also ReportPortal's. A route beyond those is marked
``assumed``, and ``x-assumed`` in the OpenAPI document, which is generated from the routes.

    server         start, announce, stop                 app           routes, authentication, errors
    call           one request, for its handler          endpoint      one route, as data
    request_body   JSON bodies: check and describe       json_schema   build JSON schemas
    errors         all refusals                          openapi       the OpenAPI document
    tables         the SQL tables                        store         the database
    files          contents of files on disk             times         read and write times
    credentials    API keys and sessions                 signing       signed URLs
    metering       coins, limits, the activity log       paging        lists in pages
    gateway, membership (with membership_schema, membership_store), test_management, artifacts, receiver,
                   api_keys: the services
    pages          the pages for a browser (with rendering, templates)
    seed           the history that --seed writes into a new database
"""
