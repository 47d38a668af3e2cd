package stop;

import io.cucumber.java.AfterAll;

public class StopHooks {
  @AfterAll
  public static void stop() {
    throw new IllegalStateException("cannot stop");
  }
}
