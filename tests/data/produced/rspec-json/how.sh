# apt-get install ruby-rspec (3.12) ruby-rspec-junit-formatter (0.4.1)
run() {
    record "$1.json" rspec --require rspec_junit_formatter --format progress --format json --out "reports/$1.json" \
        --format RspecJunitFormatter --out "reports/$1.xml" "$2"
    cp "$RUNS/$1.json.txt" "$RUNS/$1.xml.txt"  # one run wrote both
}
run report spec/cart_spec.rb
run broken spec/broken_spec.rb
