package shop;

import org.junit.jupiter.api.Test;

class GoesIT {
  @Test
  void goes() {}
}
