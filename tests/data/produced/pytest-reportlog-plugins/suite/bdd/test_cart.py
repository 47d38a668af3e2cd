from pytest_bdd import given, parsers, scenarios, then, when

scenarios("cart.feature")


@given("an empty cart", target_fixture="cart")
def empty():
    return []


@when(parsers.re(r"I add (?P<count>\d+) items?"))
def add(cart, count):
    cart.extend(range(int(count)))


@then(parsers.re(r"it holds (?P<count>\d+) items?"))
def holds(cart, count):
    assert len(cart) == int(count)
