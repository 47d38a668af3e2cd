defmodule CartTest do
  use ExUnit.Case

  test "finds" do
    assert Cart == Cart
  end
end
