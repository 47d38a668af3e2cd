# apt-get install erlang-base erlang-eunit erlang-common-test (1:25.2.3+dfsg-1+deb12u4)
erlc cart_tests.erl
run='case eunit:test(cart_tests, [{report, {eunit_surefire, [{dir, "reports"}]}}]) of ok -> halt(0); _ -> halt(1) end.'
record TEST-cart_tests.xml erl -noshell -eval "$run"
mkdir logs
record common-test.xml ct_run -noshell -suite cart_SUITE -logdir logs -ct_hooks cth_surefire '[{path,"/srv/shop/reports/common-test.xml"}]'
