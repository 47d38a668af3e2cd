package shop

import org.junit.jupiter.api.Assertions.assertEquals

fun Int.isFive() {
    assertEquals(5, this)
}
