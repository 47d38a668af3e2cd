#!/bin/sh
cat > "$XML_OUTPUT_FILE" <<'END'
<testsuites><testsuite name="cart" tests="2" failures="1">
<testcase classname="cart" name="opens" time="0.01"/>
<testcase classname="cart" name="closes" time="0.02"><failure message="it is open"/></testcase>
</testsuite></testsuites>
END
exit 1
