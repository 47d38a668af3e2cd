package shop;

import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

public class SetUpTest {
  @BeforeClass
  public void broken() {
    throw new IllegalStateException("no database");
  }

  @Test
  public void neverRun() {}
}
