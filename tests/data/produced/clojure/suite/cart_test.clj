(ns shop.cart-test
  (:require [clojure.test :refer [deftest is testing run-tests]]
            [clojure.test.junit :refer [with-junit-output]]))

(deftest adds (is (= 2 (+ 1 1))))
(deftest total
  (testing "in euro"
    (is (= "8 €" "7 €"))
    (is (= 1 2))))
(deftest database (throw (IllegalStateException. "no database")))

(with-junit-output (run-tests 'shop.cart-test))
