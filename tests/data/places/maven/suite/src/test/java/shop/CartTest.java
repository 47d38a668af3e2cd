package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CartTest {
    @Test
    void helped() {
        Prices.areFive(Cart.total("apple", 2));
    }

    @Test
    void caused() {
        assertEquals(5, Cart.total("pear", 1));
    }

    @Test
    void wrapped() {
        try {
            Cart.total("pear", 1);
        } catch (IllegalStateException cause) {
            throw new AssertionError("the cart fails", cause);
        }
    }
}
