package shop;

import io.cucumber.java.After;
import io.cucumber.java.Before;
import io.cucumber.java.PendingException;
import io.cucumber.java.en.Given;
import io.cucumber.java.en.Then;
import io.cucumber.java.en.When;
import org.opentest4j.TestAbortedException;

public class CartSteps {
  private int total;

  @Before("@database")
  public void connect() {
    throw new IllegalStateException("no database");
  }

  @After("@close")
  public void close() {
    throw new IllegalStateException("cannot close");
  }

  @Given("an empty cart")
  public void empty() {
    total = 0;
  }

  @When("I add an apple for {int}")
  public void add(int price) {
    total += price;
  }

  @When("I print")
  public void print() {
    throw new TestAbortedException("no printer");
  }

  @When("I pay")
  public void pay() {
    throw new PendingException();
  }

  @Then("it costs {int}")
  public void costs(int price) {
    if (total != price) {
      throw new AssertionError(total + " is not " + price);
    }
  }
}
