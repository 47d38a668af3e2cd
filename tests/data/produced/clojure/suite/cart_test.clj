(ns shop.cart-test
  (:require [clojure.test :refer [deftest is successful? testing run-tests]]
            [clojure.test.junit :refer [with-junit-output]]))

(deftest adds (is (= 2 (+ 1 1))))
(deftest total
  (testing "in euro"
    (is (= "8 €" "7 €"))
    (is (= 1 2))))
(deftest database (throw (IllegalStateException. "no database")))

(def result (with-junit-output (run-tests (quote shop.cart-test))))
(flush)
(System/exit (if (successful? result) 0 1))
