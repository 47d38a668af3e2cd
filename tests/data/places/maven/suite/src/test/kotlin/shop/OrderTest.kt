package shop

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

class OrderTest {
    @Test
    fun helped() {
        Cart.total("apple", 2).isFive()
    }

    @Test
    fun `caused by the cart`() {
        assertEquals(5, Cart.total("pear", 1))
    }

    @Test
    fun wrapped() {
        listOf("apple", "pear").forEach { fruit ->
            runCatching { Cart.total(fruit, 1) }.getOrElse { cause ->
                throw AssertionError("the order fails", cause)
            }
        }
    }
}
