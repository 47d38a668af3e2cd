use Test::More tests => 2;
ok 1, "adds";
die "no database\n";
