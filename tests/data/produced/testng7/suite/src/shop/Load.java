package shop;

import org.testng.annotations.Test;

public class Load {
  static final int PORT = Integer.parseInt("none");

  @Test
  public void neverRun() {}
}
