package start;

import io.cucumber.java.BeforeAll;

public class StartHooks {
  @BeforeAll
  public static void start() {
    throw new IllegalStateException("cannot start");
  }
}
