"""A local OneTest: an HTTP server over one SQLite file, with one module for each service.

It shares no code with the client: an error on one side cannot hide the same error on the other. The emulator
follows the documented contract, and in the Receiver also ReportPortal's. A route beyond those is marked
``assumed``, and ``x-assumed`` in the OpenAPI document, which is generated from the routes.

    server            start, announce, stop             app               routes, authentication, errors
    calls             one request; a route as data      errors            all refusals
    request_schema    JSON bodies of requests           response_schema   JSON schemas of responses
    openapi           the OpenAPI document              paging            lists in pages
    tables            the SQL tables                    store             the database
    files             file contents on disk             signing           signed URLs
    credentials       API keys and sessions             metering          coins, limits, the activity log
    launch_links      a launch's release, build …       times             reading and writing times
    gateway, membership (with membership_schema), test_management, artifacts, receiver, api_keys: the services
    pages             the pages for a browser (with rendering, item_tree, templates)
    seed              the history that --seed writes into a new database
"""
