package shop;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BTest {
  @Test
  @Order(1)
  void first() {}

  @Test
  @Order(2)
  void exits() {
    System.exit(3);
  }

  @Test
  @Order(3)
  void neverRun() {}
}
