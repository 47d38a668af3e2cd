"""What OneTest holds of a run, in a form that two runs can be compared by."""

import hashlib
from collections import Counter
from typing import Any, NamedTuple, Self

from support.onetest import LocalOneTest

REPORT = """<testsuites>
<testsuite name='one' timestamp='2026-01-01T00:00:00'>
<testcase classname='c' name='good' time='0.5'/>
<testcase classname='c' name='bad'><failure message='red'>trace PRINTED</failure><properties>
<property name='attachment' value='shot.png'/></properties><system-out>PRINTED</system-out></testcase>
</testsuite><testsuite name='two' timestamp='2026-01-01T00:01:00'>
<testcase classname='c' name='later'><skipped message='later'/></testcase>
<testcase classname='c' name='flaky'><failure message='red at first'/></testcase>
<testcase classname='c' name='flaky'/>
<testsuite name='inner'><testcase classname='c' name='broken'><error message='PRINTED'/></testcase>
</testsuite></testsuite></testsuites>"""

_HOLDER = "Files of the run"
_BUCKET = "onetest-ci"

Log = tuple[str, str, str, str]


class State(NamedTuple):
    """One run as OneTest shows it.

    Attributes:
        launches: their statuses.
        items: each item with all fields that OneTest returns.
        logs: name of the item, level, message, and the attachment's name and content.
        files: names and contents of the files of the run, wherever they ended up.
        linked: whether it has the build, the environment of its own, and a deployment of the two.
    """

    launches: tuple[str, ...]
    items: Counter[tuple[str, ...]]
    logs: Counter[Log]
    files: Counter[tuple[str, str]]
    linked: tuple[bool, bool, bool]

    @classmethod
    def read(cls, onetest: LocalOneTest, name: str, *, timed: bool) -> Self:
        """The state of what bears that launch name; whether the times of items are part of it."""
        native = f"/api/receiver/api/v1/products/{onetest.product_id}"
        newest = onetest.get(f"{native}/launches?limit=20")["items"]
        launches = [launch for launch in newest if launch["name"] == name]
        items, logs, files = Counter[tuple[str, ...]](), Counter[Log](), Counter[tuple[str, str]]()
        for launch in launches:
            every = onetest.items(launch["id"])
            names = {item["id"]: item["name"] for item in every}
            for item in every:
                entries = Counter(_log(onetest, item["name"], log) for log in onetest.logs(item["id"]))
                if item["name"] == _HOLDER:
                    files += _files(entries)
                else:
                    items[_item(item, names, timed=timed)] += 1
                    logs += entries
            own = onetest.get(f"{native}/launches/{launch['id']}/logs")["items"]
            files += _files(Counter(_log(onetest, "", log) for log in own))
            files += _objects(onetest, launch["uuid"])
        return cls(
            tuple(launch["status"] for launch in launches),
            items,
            logs,
            files,
            _links(onetest, name, launches),
        )


def _item(item: dict[str, Any], names: dict[int, str], *, timed: bool) -> tuple[str, ...]:
    fields = ("name", "item_type", "status", "code_ref", "description", "failure_message", "has_stats")
    times = ("start_time", "end_time") if timed else ()
    parent = names.get(item["parent_id"], "")
    attributes = sorted(f"{one['key']}={one['value']}" for one in item["attributes"] or [])
    return (parent, *(str(item[field]) for field in (*fields, *times)), *attributes)


def _log(onetest: LocalOneTest, item: str, log: dict[str, Any]) -> Log:
    attached = log["attachment"]
    content = f"{attached['name']} {_digest(onetest.download(attached['url']))}" if attached else ""
    return item, log["level"], log["message"], content


def _files(logs: Counter[Log]) -> Counter[tuple[str, str]]:
    found = Counter[tuple[str, str]]()
    for (_, _, _, attached), count in logs.items():
        name, _, digest = attached.rpartition(" ")
        found[name, digest] += count
    return found


def _objects(onetest: LocalOneTest, launch_uuid: str) -> Counter[tuple[str, str]]:
    path = f"/api/artifacts/api/v1/products/{onetest.product_id}/buckets"
    if _BUCKET not in {bucket["name"] for bucket in onetest.get(path)["items"]}:
        return Counter()
    prefix = f"test-runs/{launch_uuid}/"
    every = onetest.get(f"{path}/{_BUCKET}/objects?limit=1000")["items"]
    return Counter(
        (one["key"].removeprefix(prefix), one["etag"]) for one in every if one["key"].startswith(prefix)
    )


def _links(onetest: LocalOneTest, name: str, launches: list[dict[str, Any]]) -> tuple[bool, bool, bool]:
    path = f"/api/membership/api/v1/products/{onetest.product_id}/environments"
    environments = {one["name"]: one["id"] for one in onetest.get(f"{path}?limit=1000")["items"]}
    own = environments.get(name)
    deployments = onetest.get(f"{path}/{own}/deployments")["items"] if own else []
    return (
        bool(launches) and all(launch["build_id"] for launch in launches),
        own is not None and all(launch["environment_id"] == own for launch in launches),
        len(deployments) > 0,
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
