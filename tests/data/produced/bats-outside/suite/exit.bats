exit 3
@test "adds" { true; }
