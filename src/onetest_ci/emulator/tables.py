"""The SQL tables. A change of them raises ``VERSION`` if the server cannot use an older database any more.

Column names and widths follow OneTest's published data model (docs/onetest-api.md#entities, #artifacts,
#receiver). Times are microseconds since 1970.
"""

VERSION = 4

# "OTEM": distinguishes an emulator's database from any other SQLite file.
APPLICATION_ID = 0x4F54454D


def normalized(value: str) -> str:
    """Return SQL for a code reference in the form in which references are compared.

    ``file::Class::method`` becomes ``file:Class.method``: the first ``::`` is ``:``, later ones are ``.``
    (docs/onetest-api.md#linking-to-test-cases).

    Args:
        value: SQL for the reference.
    """
    place = f"instr({value}, '::')"
    return (
        f"CASE {place} WHEN 0 THEN {value} ELSE substr({value}, 1, {place} - 1) || ':' ||"
        f" replace(substr({value}, {place} + 2), '::', '.') END"
    )


SCHEMA = f"""
CREATE TABLE products (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT, product_type TEXT NOT NULL,
    metadata TEXT NOT NULL DEFAULT '{{}}', integrations TEXT NOT NULL DEFAULT '{{}}',
    created_at INTEGER NOT NULL);

CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY, product_id TEXT NOT NULL REFERENCES products, name TEXT NOT NULL,
    prefix TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, bound INTEGER NOT NULL, scopes TEXT,
    retention_days INTEGER, expires_at INTEGER,
    created_at INTEGER NOT NULL, last_used_at INTEGER, revoked_at INTEGER);

CREATE TABLE usage (
    product_id TEXT NOT NULL REFERENCES products, window_start INTEGER NOT NULL, event TEXT NOT NULL,
    coins INTEGER NOT NULL, calls INTEGER NOT NULL,
    PRIMARY KEY (product_id, window_start, event)) WITHOUT ROWID;

CREATE TABLE activity (
    id INTEGER PRIMARY KEY, product_id TEXT NOT NULL REFERENCES products, key_id INTEGER NOT NULL,
    time INTEGER NOT NULL, event TEXT NOT NULL, service TEXT NOT NULL, operation TEXT NOT NULL,
    status INTEGER NOT NULL, coins INTEGER NOT NULL);
CREATE INDEX activity_of_product ON activity (product_id, id);

CREATE TABLE environments (
    id TEXT PRIMARY KEY, product_id TEXT NOT NULL REFERENCES products, name TEXT NOT NULL, description TEXT,
    endpoint_url TEXT NOT NULL, is_default INTEGER NOT NULL, metadata TEXT NOT NULL,
    created_at INTEGER NOT NULL);
CREATE INDEX environments_of_product ON environments (product_id, created_at);
CREATE UNIQUE INDEX one_default_environment ON environments (product_id) WHERE is_default;

CREATE TABLE releases (
    id TEXT PRIMARY KEY, product_id TEXT NOT NULL REFERENCES products, name TEXT NOT NULL, description TEXT,
    scope TEXT, start_date TEXT, end_date TEXT, status TEXT NOT NULL, metadata TEXT NOT NULL,
    created_at INTEGER NOT NULL);
CREATE INDEX releases_of_product ON releases (product_id, created_at);

CREATE TABLE sprints (
    id TEXT PRIMARY KEY, release_id TEXT NOT NULL REFERENCES releases, number INTEGER NOT NULL, name TEXT,
    scope TEXT, start_date TEXT, end_date TEXT, status TEXT NOT NULL, metadata TEXT NOT NULL,
    created_at INTEGER NOT NULL);
CREATE INDEX sprints_of_release ON sprints (release_id, created_at);

CREATE TABLE builds (
    id TEXT PRIMARY KEY, release_id TEXT REFERENCES releases, sprint_id TEXT REFERENCES sprints,
    version TEXT NOT NULL, git_sha TEXT, scope TEXT, status TEXT NOT NULL, metadata TEXT NOT NULL,
    created_at INTEGER NOT NULL, CHECK ((release_id IS NULL) <> (sprint_id IS NULL)));
CREATE INDEX builds_of_sprint ON builds (sprint_id, version);
CREATE INDEX builds_of_release ON builds (release_id, version);

CREATE TABLE deployments (
    id TEXT PRIMARY KEY, environment_id TEXT NOT NULL REFERENCES environments,
    build_id TEXT NOT NULL REFERENCES builds, status TEXT NOT NULL, metadata TEXT NOT NULL,
    deployed_at INTEGER NOT NULL);
CREATE INDEX deployments_of_environment ON deployments (environment_id, deployed_at);

CREATE TABLE test_cases (
    id TEXT PRIMARY KEY, product_id TEXT NOT NULL REFERENCES products, number INTEGER NOT NULL,
    title TEXT NOT NULL, description TEXT, execution_type TEXT NOT NULL, test_category TEXT, priority TEXT,
    status TEXT NOT NULL, automation_test_id TEXT, version INTEGER NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, UNIQUE (product_id, number));

CREATE TABLE test_case_versions (
    case_id TEXT NOT NULL REFERENCES test_cases ON DELETE CASCADE, version INTEGER NOT NULL,
    fields TEXT NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (case_id, version)) WITHOUT ROWID;

CREATE TABLE test_case_references (
    case_id TEXT NOT NULL REFERENCES test_cases ON DELETE CASCADE, reference TEXT NOT NULL,
    PRIMARY KEY (case_id, reference)) WITHOUT ROWID;

CREATE TABLE coverage_reports (
    product_id TEXT PRIMARY KEY REFERENCES products, made_at INTEGER NOT NULL, report TEXT NOT NULL);

CREATE TABLE buckets (
    id INTEGER PRIMARY KEY, product_id TEXT NOT NULL REFERENCES products, name TEXT NOT NULL,
    retention_days INTEGER, created_at INTEGER NOT NULL, UNIQUE (product_id, name));

CREATE TABLE objects (
    id INTEGER PRIMARY KEY, bucket_id INTEGER NOT NULL REFERENCES buckets, key TEXT NOT NULL,
    content_type TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, created_at INTEGER NOT NULL,
    UNIQUE (bucket_id, key));
CREATE INDEX objects_of_content ON objects (sha256);

CREATE TABLE launches (
    id INTEGER PRIMARY KEY, product_id TEXT NOT NULL REFERENCES products, uuid TEXT NOT NULL,
    number INTEGER NOT NULL, name TEXT NOT NULL, description TEXT, mode TEXT NOT NULL, status TEXT NOT NULL,
    attributes TEXT NOT NULL, release_id TEXT, sprint_id TEXT, build_id TEXT, environment_id TEXT,
    status_given INTEGER NOT NULL DEFAULT 0, start_time INTEGER NOT NULL, end_time INTEGER, statistics TEXT,
    UNIQUE (product_id, uuid), UNIQUE (product_id, name, number));

CREATE TABLE items (
    id INTEGER PRIMARY KEY, launch_id INTEGER NOT NULL REFERENCES launches,
    parent_id INTEGER REFERENCES items,
    uuid TEXT NOT NULL, name TEXT NOT NULL, item_type TEXT NOT NULL, status TEXT NOT NULL,
    status_given INTEGER NOT NULL DEFAULT 0,
    has_stats INTEGER NOT NULL, code_ref TEXT, reference TEXT AS ({normalized("code_ref")}) VIRTUAL,
    description TEXT, attributes TEXT NOT NULL,
    parameters TEXT NOT NULL, test_case_id TEXT, retry INTEGER NOT NULL, retry_of TEXT, issue TEXT,
    failure_message TEXT, failure_stacktrace TEXT, start_time INTEGER NOT NULL, end_time INTEGER,
    UNIQUE (launch_id, uuid));
CREATE INDEX items_of_launch ON items (launch_id);
CREATE INDEX items_of_reference ON items (reference, launch_id) WHERE code_ref IS NOT NULL;
CREATE INDEX items_of_parent ON items (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE logs (
    id INTEGER PRIMARY KEY, launch_id INTEGER NOT NULL, item_id INTEGER REFERENCES items,
    level TEXT NOT NULL, message TEXT NOT NULL, time INTEGER NOT NULL, file_name TEXT,
    object_id INTEGER REFERENCES objects);
CREATE INDEX logs_of_item ON logs (item_id) WHERE item_id IS NOT NULL;
CREATE INDEX logs_of_launch ON logs (launch_id) WHERE item_id IS NULL;
CREATE INDEX logs_of_object ON logs (object_id) WHERE object_id IS NOT NULL;

CREATE TABLE import_jobs (
    id TEXT PRIMARY KEY, product_id TEXT NOT NULL REFERENCES products, launch_id INTEGER REFERENCES launches,
    status TEXT NOT NULL, total INTEGER NOT NULL, processed INTEGER NOT NULL, successful INTEGER NOT NULL,
    failed INTEGER NOT NULL, error_log TEXT NOT NULL, object_id INTEGER REFERENCES objects,
    key_id INTEGER NOT NULL, created_at INTEGER NOT NULL);
CREATE INDEX import_jobs_of_launch ON import_jobs (launch_id);
"""
