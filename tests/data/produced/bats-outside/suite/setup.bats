setup() { false; }
@test "adds" { true; }
