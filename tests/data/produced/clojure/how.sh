# apt-get install clojure (1.11.1-2)
tests() { clojure cart_test.clj >reports/report.xml; }
record report.xml tests
