use Test::More tests => 1;
TODO: { local $TODO = "later"; ok 0, "adds" }
