package shop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import org.junit.Ignore;
import org.junit.Test;

public class CartTest {
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
