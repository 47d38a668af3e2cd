defmodule GoodTest do
  use ExUnit.Case

  test "works" do
  end
end
