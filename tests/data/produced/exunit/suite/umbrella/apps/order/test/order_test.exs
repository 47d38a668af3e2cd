defmodule OrderTest do
  use ExUnit.Case

  test "finds" do
    assert Order == Cart
  end
end
