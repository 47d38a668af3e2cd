package shop;

import org.testng.SkipException;
import org.testng.annotations.Test;

public class Skips {
  @Test
  public void printer() {
    throw new SkipException("no printer");
  }
}
