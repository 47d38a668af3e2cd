# pip install unittest-xml-reporting==4.0.0
export PYTHONDONTWRITEBYTECODE=1
for name in set_up_class tear_down_class set_up_module tear_down_module tear_down load none exit sys_exit unexpected; do
    record $name.xml python -m xmlrunner --output-file reports/$name.xml tests.test_$name
done
record missing.xml python -m xmlrunner --output-file reports/missing.xml tests.absent
