from behave import given, then, when


@given("an empty cart")
def empty(context):
    context.cart = []


@given("a cart in the database")
def stored(context):
    raise ConnectionError("no database")


@when("I add {count:d} item")
@when("I add {count:d} items")
def add(context, count):
    print("adding größe-注文")
    context.cart.extend(range(count))


@then("it holds {count:d} item")
@then("it holds {count:d} items")
def holds(context, count):
    assert len(context.cart) == count, f"{len(context.cart)} of {count} €"
