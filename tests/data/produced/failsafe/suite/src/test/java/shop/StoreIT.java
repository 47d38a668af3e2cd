package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StoreIT {
  private static int attempts;

  @Test
  void stores() {}

  @Test
  void loads() {
    assertEquals(8, 7);
  }

  @Test
  void flaky() {
    attempts++;
    assertEquals(2, attempts);
  }
}
