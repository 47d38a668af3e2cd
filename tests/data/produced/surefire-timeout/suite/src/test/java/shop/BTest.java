package shop;

import org.junit.jupiter.api.Test;

class BTest {
  @Test
  void hangs() throws InterruptedException {
    Thread.sleep(60_000);
  }
}
