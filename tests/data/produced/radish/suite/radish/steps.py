from radish import given, then, when


@given("an empty cart")
def empty(step):
    step.context.cart = []


@given("a cart in the database")
def stored(step):
    raise ConnectionError("no database")


@when("I add {count:d} item")
def add_one(step, count):
    step.context.cart.extend(range(count))


@when("I add {count:d} items")
def add(step, count):
    step.context.cart.extend(range(count))


@then("it holds {count:d} item")
def holds_one(step, count):
    assert len(step.context.cart) == count


@then("it holds {count:d} items")
def holds(step, count):
    assert len(step.context.cart) == count, f"{len(step.context.cart)} of {count} €"
