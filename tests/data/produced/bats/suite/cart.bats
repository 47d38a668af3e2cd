@test "adds an item" {
  echo "adding größe-注文"
}

@test "totals" {
  echo "7 € is not 8 €"
  false
}

@test "is not on CI" {
  skip "not on CI"
}

@test "throws a bell" {
  printf 'bell \a and escape \033[1m\n'
  false
}
