"""The bundle: a directory that holds all that is sent to OneTest, and all that OneTest has acknowledged.

    bundle.json      the launch, what was read, the cost of delivery, a digest of each file (``Manifest``);
                     written last, so a directory without it was never collected to its end
    items.jsonl      one suite or case a line, in the order of the reports; a suite before its cases
    attachments/     files of single tests, named by their content
    artifacts/       files of the run
    delivery.jsonl   one acknowledged step a line, appended by ``push``; linked by checksums (``HashChain``)
    delivery.count   the number of lines of delivery.jsonl
    import/          documents of an import, made anew by each push

The digests are for integrity and not for authenticity. ``verify`` checks them before the first call; a file
that the manifest does not list is never read.

All UUIDs follow from the launch's, which is made at collect time: whatever is sent again is recognised as the
same (docs/onetest-api.md#retrying-a-request).
"""
