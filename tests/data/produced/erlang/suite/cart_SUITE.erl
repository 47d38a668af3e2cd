-module(cart_SUITE).
-compile(export_all).
-compile(nowarn_export_all).

all() -> [adds, total, database, skipped, {group, empty}].
groups() -> [{empty, [], [costs_nothing]}].

adds(_) -> ct:pal("adding").
total(_) -> "8" = "7".
database(_) -> error(no_database).
skipped(_) -> {skip, "not on CI"}.
costs_nothing(_) -> ok.
