from behave import given, then, when


@given("a cart")
def a_cart(context):
    context.held = 0


@when("I add {count:d} item")
@when("I add {count:d} items")
def add(context, count):
    context.held += count


@then("it holds {count:d} item")
@then("it holds {count:d} items")
def holds(context, count):
    assert context.held == count, f"{context.held} is not {count}"


@given("it is not on CI")
def not_on_ci(context):
    context.scenario.skip("not on CI")


@given("a broken database")
def database(context):
    raise RuntimeError("no database")
