package example.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CouponsTest {
    private static int calls;

    @ParameterizedTest
    @CsvSource({"GRÖSSE10, 10", "SOCKS5, 5"})
    void knowsItsPercent(String code, int percent) {
        assertEquals(percent, new Coupons().percent(code));
    }

    @Test
    void refusesUnknownCodes() {
        assertThrows(IllegalArgumentException.class, () -> new Coupons().percent("日本語"));
    }

    /** Errs once, passes at the second attempt. */
    @Test
    void asksThePartner() {
        System.out.println("asking the partner about SOCKS5 🧦");
        assertEquals(5, new Coupons().partnerPercent("SOCKS5"));
    }

    /** Fails twice, passes at the third attempt. */
    @Test
    void cacheIsWarmAfterTwoCalls() {
        calls++;
        assertEquals("warm", calls > 2 ? "warm" : "cold", "cache after call " + calls);
    }
}
