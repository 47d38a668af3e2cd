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
  private static int attempts;
  private static int prices;

  @Test
  void adds() {}

  @Test
  void total() {
    assertEquals(8, 7);
  }

  @Test
  void flaky() {
    attempts++;
    assertEquals(2, attempts);
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
  @ValueSource(ints = {1, 2, 3})
  void price(int count) {
    if (count == 2 && prices++ == 0) {
      throw new IllegalStateException("no price yet");
    }
    assertEquals(1, count % 3 == 0 ? 0 : 1);
  }

  @TestFactory
  DynamicTest[] made() {
    return new DynamicTest[] {
      DynamicTest.dynamicTest("goes", () -> {}),
      DynamicTest.dynamicTest("goes not", () -> assertEquals(1, 2))
    };
  }
}
