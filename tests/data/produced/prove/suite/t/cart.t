use strict;
use warnings;
use utf8;
use Test::More;

binmode(Test::More->builder->$_, ':encoding(UTF-8)') for qw(output failure_output todo_output);

ok(1, 'adds an item größe-注文');
is('7 €', '8 €', 'totals');
SKIP: {
    skip 'not on CI', 1;
    ok(0, 'is never run');
}
TODO: {
    local $TODO = 'to be written';
    ok(0, 'is to be written');
}
subtest 'when it is empty' => sub {
    plan tests => 1;
    ok(1, 'costs nothing');
};
done_testing();
