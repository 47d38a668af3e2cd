# pip install behave==1.3.3
export PYTHONDONTWRITEBYTECODE=1
for name in all feature after after_feature load green none syntax; do
    cd $name
    record $name.xml behave --junit --junit-directory junit --format json --outfile ../reports/$name.json --format plain
    cp "$RUNS/$name.xml.txt" "$RUNS/$name.json.txt"  # one run wrote both
    if [ -f junit/TESTS-cart.xml ]; then cp junit/TESTS-cart.xml ../reports/$name.xml; fi
    cd ..
done
