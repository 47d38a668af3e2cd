package shop;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class OuterTest {
  @Nested
  class Empty {
    @Test
    void costsNothing() {}
  }
}
