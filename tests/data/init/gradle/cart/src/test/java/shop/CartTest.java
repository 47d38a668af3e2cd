package shop;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class CartTest {
    @Test
    public void adds() {
        assertEquals(3, 1 + 2);
    }

    @Test
    public void isWrong() {
        assertEquals(3, 1 + 1);
    }
}
