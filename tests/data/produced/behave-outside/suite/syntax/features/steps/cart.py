from behave import given


@given("a cart")
def cart(context):
    pass
