package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CartTest {
  @Test
  void adds() {
    System.out.println("adding größe-注文");
    System.err.println("to standard error");
  }

  @Test
  void total() {
    assertEquals("8 €", "7 €");
  }

  @Test
  void database() {
    throw new IllegalStateException("no database");
  }

  @Test
  @Disabled("not on CI")
  void skipped() {}

  @Test
  void assumes() {
    assumeTrue(false, "no network");
  }

  @ParameterizedTest
  @CsvSource({"1, 5", "2, 11"})
  void price(int count, int price) {
    assertEquals(price, count * 5);
  }

  @RepeatedTest(2)
  void again() {}

  @Test
  @DisplayName("has a name of its own 🙂")
  void named() {}

  @TestFactory
  Stream<DynamicTest> made() {
    return List.of("one", "two").stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> assertEquals("one", name)));
  }

  @Nested
  class Empty {
    @Test
    void costsNothing() {}
  }
}
