package shop;

import static org.testng.Assert.assertEquals;

import org.testng.IRetryAnalyzer;
import org.testng.ITestResult;
import org.testng.SkipException;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class CartTest {
  private static int attempts;

  public static class Once implements IRetryAnalyzer {
    private int retries;

    @Override
    public boolean retry(ITestResult result) {
      return retries++ < 1;
    }
  }

  @Test
  public void adds() {
    System.out.println("adding größe-注文");
  }

  @Test
  public void total() {
    assertEquals("7 €", "8 €");
  }

  @Test
  public void database() {
    throw new IllegalStateException("no database");
  }

  @Test
  public void skipped() {
    throw new SkipException("not on CI");
  }

  @DataProvider
  public Object[][] prices() {
    return new Object[][] {{1, 5}, {2, 11}};
  }

  @Test(dataProvider = "prices")
  public void price(int count, int price) {
    assertEquals(count * 5, price);
  }

  @Test(retryAnalyzer = Once.class)
  public void flaky() {
    attempts++;
    assertEquals(attempts, 2);
  }

  public static class SetUp {
    @BeforeClass
    public void broken() {
      throw new IllegalStateException("no database");
    }

    @Test
    public void neverRun() {}
  }
}
