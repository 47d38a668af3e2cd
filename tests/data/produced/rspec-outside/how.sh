# apt-get install ruby-rspec (3.12.0c0e1m1s0-1) ruby-rspec-junit-formatter (0.4.1-2)
run() {
    record "$1.xml" rspec --require rspec_junit_formatter --format progress \
        --format RspecJunitFormatter --out "reports/$1.xml" --format json --out "reports/$1.json" "${@:2}"
    cp "$RUNS/$1.xml.txt" "$RUNS/$1.json.txt"  # one run wrote both
}
for name in before_context after_context before_suite after_suite load syntax exit exit_hard none at_exit; do
    run $name spec/${name}_spec.rb spec/green_spec.rb
done
run missing spec/absent_spec.rb
run none_at_all spec/none_spec.rb
run none_fails --fail-if-no-examples spec/none_spec.rb
