# bazel-bootstrap 4.2.3+ds-9, bazel-rules-java 4.0.0-2 and bazel-rules-proto 4.0.0-3.20.0-2 of Debian 12
base=/srv/shop/reports/base
bazel_() {
    bazel --batch --output_base=$base "$@"
}
# The events with the command line, the options and the variables of the environment are left out, and so are the
# outputs of Bazel, but for the logs of the tests and a file that one of them made.
run() {
    local report=$1 status=0
    shift
    bazel_ "$@" --build_event_json_file=events.json || status=$?
    grep -v -E '^\{"id":\{"(unstructuredCommandLine|structuredCommandLine|optionsParsed|buildMetadata|buildMetrics|buildToolLogs)"' events.json >"reports/$report.json"
    return $status
}
killed() {
    local signal=$1 report=$2 bazel status=0
    shift 2
    rm -f marks/waits
    run "$report" "$@" &
    until [ -e marks/waits ]; do sleep 0.1; done
    bazel=$(pgrep -n -f "output_base=$base.* --build_event_json_file")
    kill "-$signal" "$bazel"
    wait $! || status=$?
    return $status
}
mkdir marks
record report.json run report test --keep_going --test_output=errors --test_timeout=3 //...
record cached.json run cached test //cart:adds //cart:again
record one.json run one test //cart:adds
record one.xml bazel_ test //cart:adds
cp $base/execroot/shop/bazel-out/k8-fastbuild/testlogs/cart/adds/test.xml reports/one.xml
record runs.json run runs test --runs_per_test=2 //cart:halves //cart:adds
rm -r marks/turn
record detects.json run detects test --runs_per_test=2 --runs_per_test_detects_flakes //cart:turns
record all.json run all test --test_output=all //cart:prints
record stops.json run stops test //cart:adds //cart:unbuilt
record none.json run none test //cart:prices
record pattern.json run pattern test --keep_going //cart:adds //nowhere:file
record interrupted.json killed INT interrupted test //cart:adds //cart:hangs
record killed.json killed KILL killed test //cart:adds //cart:hangs
mkdir kept
(cd reports && find base/execroot -path '*/testlogs/*' '(' -name '*.log' -o -name outputs.zip ')' -exec cp --parents {} ../kept \;)
rm -rf $base
cp -r kept/base reports/base
