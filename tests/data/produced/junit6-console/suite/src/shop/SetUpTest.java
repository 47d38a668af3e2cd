package shop;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SetUpTest {
  @BeforeAll
  static void broken() {
    throw new IllegalStateException("no database");
  }

  @Test
  void neverRun() {}
}
