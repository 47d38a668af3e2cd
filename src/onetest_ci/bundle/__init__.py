"""The bundle: a directory with everything to send to OneTest, and the steps that OneTest has acknowledged.

    bundle.json      the launch, the reports, the cost of delivery, a digest of each file (``Manifest``);
                     written last, so a directory without it is incomplete
    items.jsonl      one suite or case a line, in the order of the reports, a suite before its cases
    attachments/     files of single tests, named by their content
    artifacts/       files of the run
    delivery.jsonl   one acknowledged step a line, appended by ``push``, linked by checksums (``HashChain``)
    delivery.count   the number of lines of delivery.jsonl
    import/          documents of an import, written by each push

The digests are for integrity and not for authenticity. ``verify`` checks them before the first call. A file
that the manifest does not list is never read.

All UUIDs are derived from the launch's, which ``collect`` makes. So OneTest recognises an item that is sent
again (docs/onetest-api.md#retrying-a-request).
"""
