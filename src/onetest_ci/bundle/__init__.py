"""The bundle: a directory that holds all that OneTest is to be told, and what it has acknowledged.

    bundle.json      what the launch is, what was read, what delivery will cost (``Manifest``); written last,
                     so a directory without it was never collected to its end
    items.jsonl      one suite or case a line, in the order of the reports; a suite before what is in it
    attachments/     files of single tests, named by their content
    artifacts/       files of the run
    delivery.jsonl   one acknowledged step a line, appended by ``push``

All UUIDs follow from the launch's, which is made at collect time: whatever is sent again is recognised as the
same (contract §7.9).
"""
