package shop;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TearDownTest {
  @AfterAll
  static void broken() {
    throw new IllegalStateException("cannot close");
  }

  @Test
  void goes() {}
}
