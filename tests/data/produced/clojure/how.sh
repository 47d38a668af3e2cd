# apt-get install clojure (1.11.1-2)
clojure cart_test.clj > reports/report.xml
