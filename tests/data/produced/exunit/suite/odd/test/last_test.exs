defmodule LastTest do
  use ExUnit.Case

  setup_all do
    on_exit(fn -> raise "the store stays" end)
  end

  test "sells" do
  end
end
