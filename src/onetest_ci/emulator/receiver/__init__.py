"""Receiver: accepts results by ReportPortal's API or as JUnit files, and returns them to a session.

    launches, items, logs   ReportPortal's API v2            request_body      its JSON bodies
    reportportal_v1         ReportPortal's API v1            enums             statuses, types, levels
    junit_import            the import of JUnit files        junit_xml         reads these files
    results                 reading and deleting results     statuses          derived statuses, counts
    launch_links            the release, sprint, build and environment of a new launch

See docs/onetest-api.md#receiver.
"""
