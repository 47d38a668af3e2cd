package shop;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SetUpIT {
  @BeforeAll
  static void broken() {
    throw new IllegalStateException("no database");
  }

  @Test
  void neverRun() {}
}
