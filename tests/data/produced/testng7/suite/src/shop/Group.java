package shop;

import org.testng.annotations.AfterSuite;
import org.testng.annotations.Test;

public class Group {
  @Test
  public void goes() {}

  @AfterSuite
  public void broken() {
    throw new IllegalStateException("cannot stop");
  }
}
