package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.epam.reportportal.junit5.ReportPortalExtension;
import com.epam.reportportal.service.ReportPortal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ReportPortalExtension.class)
class CartTest {
  @Nested
  class Prices {
    @Test
    void addsUp() throws IOException {
      Path note = Files.writeString(Files.createTempFile("note", ".txt"), "attached ÿ");
      ReportPortal.emitLog("Grüße, 世界", "INFO", new Date(), note.toFile());
      assertEquals(2, 1 + 1);
    }

    @Test
    void rounds() {
      assertEquals(2, 1, "one is not two");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void isPositive(int price) {
      assertEquals(1, Integer.signum(price));
    }
  }

  @Test
  void breaks() {
    throw new IllegalStateException("the cart is broken");
  }

  @Test
  void notHere() {
    assumeTrue(false, "no card for it");
  }

  @Test
  @Disabled("not today")
  void notToday() {}
}
