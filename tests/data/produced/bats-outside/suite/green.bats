@test "adds" { true; }
