use Test::More;
ok 1, "adds";
