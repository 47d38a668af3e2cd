teardown_file() { echo "left open"; false; }
@test "adds" { true; }
