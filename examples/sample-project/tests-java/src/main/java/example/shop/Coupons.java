package example.shop;

import java.util.HashMap;
import java.util.Map;

/** Coupons; the partner's service needs one call to wake up. */
public final class Coupons {
    private final Map<String, Integer> percents = new HashMap<>(Map.of("GRÖSSE10", 10, "SOCKS5", 5));
    private static boolean awake;

    public int percent(String code) {
        Integer percent = percents.get(code);
        if (percent == null) {
            throw new IllegalArgumentException("unknown coupon " + code);
        }
        return percent;
    }

    /** Asks the partner; the first call after a start times out. */
    public int partnerPercent(String code) {
        if (!awake) {
            awake = true;
            throw new IllegalStateException("partner did not answer in 2 s: 504 Gateway Timeout");
        }
        return percent(code);
    }
}
