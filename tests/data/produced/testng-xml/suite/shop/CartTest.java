package shop;

import org.testng.Assert;
import org.testng.IRetryAnalyzer;
import org.testng.ITestResult;
import org.testng.Reporter;
import org.testng.SkipException;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class CartTest {
    public static class Again implements IRetryAnalyzer {
        private int tries;

        public boolean retry(ITestResult result) {
            return tries++ < 1;
        }
    }

    private int tries;

    @Test
    public void adds() {
        Reporter.log("size 38");
    }

    @Test(description = "the sum")
    public void total() {
        Assert.assertEquals(7, 8, "the total");
    }

    @Test
    public void notOnCI() {
        throw new SkipException("not on CI");
    }

    @DataProvider
    public Object[][] counts() {
        return new Object[][] {{1, "one"}, {2, "two"}};
    }

    @Test(dataProvider = "counts")
    public void price(int count, String name) {
        Assert.assertTrue(count < 2, "too dear");
    }

    @Test(retryAnalyzer = Again.class)
    public void flaky() {
        Assert.assertEquals(++tries, 2, "not yet");
    }
}
