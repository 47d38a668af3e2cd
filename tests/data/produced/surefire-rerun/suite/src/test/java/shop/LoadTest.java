package shop;

import org.junit.jupiter.api.Test;

class LoadTest {
  static final int PORT = Integer.parseInt("none");

  @Test
  void neverRun() {}
}
