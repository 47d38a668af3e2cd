package example.shop;

/** Paper for gifts. */
public final class GiftWrap {
    /** Centimetres of paper around a box; the bug that a test finds: the overlap is forgotten. */
    public int paper(int width, int depth) {
        return 2 * (width + depth);
    }

    public String card(String name) {
        return name.isBlank() ? null : "Für " + name.strip();
    }
}
