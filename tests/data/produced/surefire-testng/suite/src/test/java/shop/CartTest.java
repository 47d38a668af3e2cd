package shop;

import static org.testng.Assert.assertEquals;

import org.testng.SkipException;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class CartTest {
  @Test
  public void adds() {}

  @Test
  public void total() {
    assertEquals(7, 8);
  }

  @Test(dependsOnMethods = "total")
  public void receipt() {}

  @Test
  public void printer() {
    throw new SkipException("no printer");
  }

  @Test(enabled = false)
  public void disabled() {}

  @Test(timeOut = 50)
  public void slow() throws InterruptedException {
    Thread.sleep(5000);
  }

  @Test(expectedExceptions = IllegalStateException.class)
  public void expects() {}

  @DataProvider
  public Object[][] prices() {
    return new Object[][] {{"apple", 5}, {"größe", 11}};
  }

  @Test(dataProvider = "prices")
  public void price(String name, int price) {
    assertEquals(price, 5);
  }

  @DataProvider
  public Object[][] broken() {
    throw new IllegalStateException("no rows");
  }

  @Test(dataProvider = "broken")
  public void rows(int row) {}
}
