package shop;

import static org.testng.Assert.assertEquals;

import com.epam.reportportal.service.ReportPortal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import org.testng.SkipException;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class CartTest {
  @Test
  public void addsUp() throws IOException {
    Path note = Files.writeString(Files.createTempFile("note", ".txt"), "attached ÿ");
    ReportPortal.emitLog("Grüße, 世界", "INFO", new Date(), note.toFile());
    assertEquals(1 + 1, 2);
  }

  @Test
  public void rounds() {
    assertEquals(1, 2, "one is not two");
  }

  @DataProvider
  public Object[][] prices() {
    return new Object[][] {{1}, {2}};
  }

  @Test(dataProvider = "prices")
  public void isPositive(int price) {
    assertEquals(Integer.signum(price), 1);
  }

  @Test
  public void breaks() {
    throw new IllegalStateException("the cart is broken");
  }

  @Test
  public void notHere() {
    throw new SkipException("no card for it");
  }

  @Test(dependsOnMethods = "rounds")
  public void notAfterAFailure() {}
}
