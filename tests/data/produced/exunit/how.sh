# apt-get install elixir (1.14.0)
keep() {
    local file=/srv/shop/reports/$1.txt
    cd "$2" && shift 2 && (set -o pipefail && mix test "$@" 2>&1 | tee "$file")
}
run() {
    (record "$1.txt" keep "$@")
}
for project in shop odd umbrella; do (cd $project && MIX_ENV=test mix compile >/dev/null); done
run report shop --trace --exclude slow --seed 0
run colours shop --trace --exclude slow --seed 0 --color
run good odd --trace --seed 0 test/good_test.exs
run load odd --trace --seed 0 test/good_test.exs test/load_test.exs
run last odd --trace --seed 0 test/last_test.exs
run crash odd --trace --seed 0 test/crash_test.exs
run max odd --trace --seed 0 --max-failures 2 test/long_test.exs
run empty odd --trace --seed 0 --only nothing test/good_test.exs
run umbrella umbrella --trace --seed 0
