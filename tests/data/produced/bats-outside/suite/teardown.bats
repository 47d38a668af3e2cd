teardown() { false; }
@test "adds" { true; }
