"""One entity of each kind that a path can contain."""

from typing import Any

import httpx

from emulator.conftest import NOON

MARK = "only-for-product-a"


def entities(session: httpx.Client, product: str) -> dict[str, str]:
    """Create one entity of each kind, named ``MARK``. Return the value of each placeholder of a path."""

    def post(path: str, body: Any) -> dict[str, Any]:
        return dict(session.post(path, json=body).raise_for_status().json())

    base = f"/api/membership/api/v1/products/{product}"
    environment = post(f"{base}/environments", {"name": MARK, "endpoint_url": MARK})["id"]
    release = post(f"{base}/releases", {"name": MARK})["id"]
    sprint = post(f"{base}/releases/{release}/sprints", {"number": 1, "name": MARK})["id"]
    build = post(f"{base}/sprints/{sprint}/builds", {"version": MARK})["id"]
    deployment = post(f"{base}/environments/{environment}/deployments", {"build_id": build})["id"]
    case = post(f"/api/test-management/api/v1/products/{product}/test-cases", {"title": MARK})["id"]
    buckets = f"/api/artifacts/api/v1/products/{product}/buckets"
    post(buckets, {"name": "bucket"})
    session.put(f"{buckets}/bucket/objects/{MARK}", content=MARK.encode()).raise_for_status()
    rp = f"/api/receiver/api/v2/{product}"
    launch = post(f"{rp}/launch", {"name": MARK, "startTime": NOON, "uuid": MARK})["id"]
    item = {"name": MARK, "startTime": NOON, "type": "STEP", "launchUuid": launch, "uuid": f"{MARK}-item"}
    post(f"{rp}/item", item)
    native = f"/api/receiver/api/v1/products/{product}"
    items = session.get(f"{native}/launches/{launch}/items").json()["items"]
    entry = {"launchUuid": launch, "itemUuid": item["uuid"], "time": NOON, "message": MARK}
    log = post(f"{rp}/log/entry", entry)["id"]
    job = session.post(f"{native}/import/junit", files={"file": (MARK, b"<testsuite/>")}).json()["job_id"]
    return {
        "product_id": product,
        "environment_id": environment,
        "release_id": release,
        "sprint_id": sprint,
        "build_id": build,
        "deployment_id": deployment,
        "case_id": case,
        "bucket": "bucket",
        "key": MARK,
        "launch": launch,
        "item": item["uuid"],
        "parent": item["uuid"],
        "item_id": str(items[0]["id"]),
        "log": log,
        "job_id": job,
        # A key that does not exist: the matrix itself needs its keys.
        "key_id": "999999",
    }
