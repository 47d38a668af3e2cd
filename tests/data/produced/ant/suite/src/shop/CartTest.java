package shop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import java.util.Arrays;
import java.util.Collection;
import org.junit.Ignore;
import org.junit.Test;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

@RunWith(Enclosed.class)
public class CartTest {
  public static class Plain {
    @Test
    public void adds() {
      System.out.println("adding größe-注文");
      System.err.println("to standard error");
    }

    @Test
    public void total() {
      assertEquals("8 €", "7 €");
    }

    @Test
    public void database() {
      throw new IllegalStateException("no database \u0007");
    }

    @Test
    @Ignore("not on CI")
    public void skipped() {}

    @Test
    public void assumes() {
      assumeTrue("no network", false);
    }
  }

  @RunWith(Parameterized.class)
  public static class Price {
    @Parameterized.Parameters(name = "{0} for {1}")
    public static Collection<Object[]> prices() {
      return Arrays.asList(new Object[][] {{1, 5}, {2, 11}});
    }

    private final int count;
    private final int price;

    public Price(int count, int price) {
      this.count = count;
      this.price = price;
    }

    @Test
    public void isFive() {
      assertEquals(price, count * 5);
    }
  }
}
