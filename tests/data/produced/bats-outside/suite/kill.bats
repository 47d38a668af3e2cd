@test "adds" { true; }
@test "exits" { kill -9 $$; }
@test "behind" { true; }
