package shop;

import static org.testng.Assert.assertEquals;

import org.testng.IRetryAnalyzer;
import org.testng.ITestResult;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class Retry {
  public static class Once implements IRetryAnalyzer {
    private boolean again = true;

    @Override
    public boolean retry(ITestResult result) {
      boolean first = again;
      again = false;
      return first;
    }
  }

  private static int attempts;
  private static int prices;

  @Test(retryAnalyzer = Once.class)
  public void flaky() {
    attempts++;
    assertEquals(attempts, 2);
  }

  @Test(retryAnalyzer = Once.class)
  public void never() {
    assertEquals(7, 8);
  }

  @Test(dependsOnMethods = "flaky")
  public void after() {}

  @DataProvider
  public Object[][] rows() {
    return new Object[][] {{"apple"}, {"pear"}};
  }

  @Test(dataProvider = "rows", retryAnalyzer = Once.class)
  public void price(String name) {
    if (name.equals("pear") && prices++ == 0) {
      throw new IllegalStateException("no price yet");
    }
  }
}
