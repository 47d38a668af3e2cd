package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

final class Prices {
    private Prices() {}

    static void areFive(int price) {
        assertEquals(5, price);
    }
}
