load absent
@test "adds" { true; }
