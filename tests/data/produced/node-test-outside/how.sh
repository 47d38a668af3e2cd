# Node.js 20.20.2
run() {
    local status=0
    node --test --test-reporter=spec --test-reporter-destination=spec.txt \
        --test-reporter=junit --test-reporter-destination="reports/$1.xml" \
        --test-reporter=tap --test-reporter-destination="reports/$1.tap" "${@:2}" || status=$?
    grep '^ℹ' spec.txt
    return $status
}
for name in before after root-before root-after exit exit-zero crash slow pending late load syntax none; do
    record $name.xml run $name $name.test.js green.test.js
    cp "$RUNS/$name.xml.txt" "$RUNS/$name.tap.txt"  # one run wrote both
done
record missing.xml run missing absent.test.js
cp "$RUNS/missing.xml.txt" "$RUNS/missing.tap.txt"
