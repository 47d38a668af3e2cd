package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CartTest {
  @Test
  void adds() {}

  @Test
  void total() {
    assertEquals(8, 7);
  }

  @Test
  void database() {
    throw new IllegalStateException("no database");
  }

  @Test
  @Disabled("not on CI")
  void disabled() {}

  @Test
  void assumes() {
    assumeTrue(false, "no printer");
  }

  @Test
  @Timeout(value = 50, unit = TimeUnit.MILLISECONDS)
  void slow() throws InterruptedException {
    Thread.sleep(5000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"apple", "größe"})
  void price(String name) {
    assertEquals("apple", name);
  }

  @TestFactory
  DynamicTest[] made() {
    return new DynamicTest[] {
      DynamicTest.dynamicTest("goes", () -> {}),
      DynamicTest.dynamicTest("goes not", () -> assertEquals(1, 2))
    };
  }
}
