package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CartTest {
  private static int attempts;
  private static int errors;

  @Test
  void adds() {
    System.out.println("adding größe-注文");
    System.err.println("to standard error");
  }

  @Test
  void total() {
    System.out.println("[[ATTACHMENT|out/cart.txt]]");
    assertEquals("8 €", "7 €");
  }

  @Test
  void database() {
    throw new IllegalStateException("no database \u0007");
  }

  @Test
  @Disabled("not on CI")
  void skipped() {}

  @ParameterizedTest
  @CsvSource({"1, 5", "2, 11"})
  void price(int count, int price) {
    assertEquals(price, count * 5);
  }

  @Test
  void flaky() {
    attempts++;
    System.out.println("attempt " + attempts);
    assertEquals(3, attempts);
  }

  @Test
  void flakyError() {
    errors++;
    if (errors < 2) {
      throw new IllegalStateException("no database yet");
    }
  }

  @Test
  @DisplayName("has a name of its own")
  void named() {}
}
