package shop;

import java.util.Map;

public final class Cart {
    private static final Map<String, Integer> PRICES = Map.of("apple", 5);

    private Cart() {}

    public static int total(String fruit, int count) {
        try {
            return price(fruit) * count;
        } catch (NullPointerException cause) {
            throw new IllegalStateException("no price of " + fruit, cause);
        }
    }

    private static int price(String fruit) {
        return PRICES.get(fruit);
    }
}
