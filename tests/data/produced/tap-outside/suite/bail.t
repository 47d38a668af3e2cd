use Test::More tests => 2;
ok 1, "adds";
BAIL_OUT("no database");
