package shop;

import org.testng.annotations.AfterClass;
import org.testng.annotations.Test;

public class TearDownTest {
  @Test
  public void goes() {}

  @AfterClass
  public void broken() {
    throw new IllegalStateException("cannot close");
  }
}
