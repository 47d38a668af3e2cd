package shop;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

@Disabled("not yet")
class DisabledTest {
  @Test
  void neverRun() {}
}
