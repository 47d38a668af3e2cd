@test "is slow" { sleep 20; }
