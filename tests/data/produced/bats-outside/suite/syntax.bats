@test "adds" {
