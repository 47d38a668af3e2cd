use Test::More tests => 1;
subtest "cart" => sub { plan tests => 2; ok 1, "adds" };
