package shop;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NestedTest {
  @Nested
  class SetUp {
    @BeforeAll
    static void broken() {
      throw new IllegalStateException("no nested database");
    }

    @Test
    void neverRun() {}
  }

  @Nested
  class TearDown {
    @AfterAll
    static void broken() {
      throw new IllegalStateException("cannot close nested");
    }

    @Test
    void goes() {}
  }

  @ParameterizedTest
  @MethodSource("broken")
  void rows(int row) {}

  static int[] broken() {
    throw new IllegalStateException("no rows");
  }
}
