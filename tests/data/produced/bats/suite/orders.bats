setup_file() {
  echo "no database"
  false
}

@test "is never run" {
  true
}
