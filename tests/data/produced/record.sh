# What how.sh has from produce: record REPORT COMMAND...
#
# Runs the command and keeps the last lines that it prints, without colours, and its exit status as REPORT.txt in RUNS.
# A command that fails does not end how.sh.
record() {
    local report=$1 status=0
    shift
    "$@" </dev/null >"$RUNS/output" 2>&1 || status=$?
    {
        sed -e 's/\x1b\[[0-9;]*[A-Za-z]//g' -e 's/[[:space:]]*$//' "$RUNS/output" | tr -d '\000-\010\013-\037' |
            grep -a . | tail -n 40 | cut -c 1-200 | iconv -c -f UTF-8 -t UTF-8
        echo "exit $status"
    } >"$RUNS/$report.txt"
    rm "$RUNS/output"
}
