"""The HTTP client. httpx sends the requests; this package holds the policy of every request to OneTest.

``http`` makes calls; ``retry`` decides about retries and ``deadline`` about time. ``transport`` builds
requests and hands them to one ``connection`` for each thread. ``responses`` and ``failures`` turn results
into errors.

Why httpx: earlier the client spoke HTTP/1.1 itself, over httpcore and httptools. Both delivered 5,000 tests
(about 10,000 requests) over TLS with 50 connections, as whole processes on two undisturbed processors, in
turns. Python 3.11, httpx 0.28, reportportal-client 5.7.12. Tests a second, and ms of the processor for a
test in brackets:

========================================  ================  ================
responses after                                      50 ms             20 ms
========================================  ================  ================
bare asyncio client, no bundle or log          482  (0.12)      1131  (0.10)
the earlier client (3 and 2 rounds)             402  (0.85)       917  (0.82)
httpx's transport, in the same rounds          392  (1.96)       574  (2.05)
httpx's client (2 rounds)                      390  (2.27)       501  (2.33)
ReportPortal's default client                    9  (3.91)        20  (3.85)
ReportPortal's batched client, 200             358  (0.61)       713  (0.58)
ReportPortal's threaded client                 408  (0.84)       763  (0.68)
========================================  ================  ================

Over a network the number of connections limits both. At 50 ms httpx reached 0.97 of the throughput, and 43
times that of ReportPortal's default client. At 20 ms the processor limited it to 0.63, and at 50 ms on a
machine whose processors were in use by others to 0.85. That is the price for HTTP that is not ours to
maintain. ``benchmarks/pushing.py speed --beside`` compares two checkouts in this way.
"""
