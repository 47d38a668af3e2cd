#!/bin/sh
touch "$TEST_SHARD_STATUS_FILE"
echo "half $TEST_SHARD_INDEX"
exit "$TEST_SHARD_INDEX"
