package shop;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SetUpOnceTest {
  private static int attempts;

  @BeforeAll
  static void late() {
    if (attempts++ == 0) {
      throw new IllegalStateException("no database yet");
    }
  }

  @Test
  void stores() {}
}
