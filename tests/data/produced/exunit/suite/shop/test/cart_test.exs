defmodule Shop.CartTest do
  use ExUnit.Case
  doctest Shop

  test "adds an item" do
    IO.puts("adding größe-注文")
    assert 1 + 1 == 2
  end

  test "totals" do
    assert "7 €" == "8 €"
  end

  test "raises" do
    raise "no database"
  end

  for {count, price} <- [{1, 5}, {2, 11}] do
    test "#{count} items cost #{price}" do
      assert unquote(count) * 5 == unquote(price)
    end
  end

  @tag :skip
  test "is not on CI" do
  end

  @tag skip: "no network"
  test "is skipped with a reason" do
  end

  @tag :slow
  test "is slow" do
  end

  test "is to be written"

  describe "when it is empty" do
    test "costs nothing" do
      IO.puts("  * test fake (1.0ms)")
    end
    test "exits" do
      exit(:shutdown)
    end
    test "throws" do
      throw(:ball)
    end
  end

  @tag timeout: 50
  test "takes too long" do
    Process.sleep(1000)
  end

  test "its process is killed" do
    spawn_link(fn -> exit(:kill) end)
    Process.sleep(1000)
  end
end

defmodule Shop.StoreTest do
  use ExUnit.Case
  setup_all do
    raise "no store"
  end
  test "sells" do
  end
  test "buys" do
  end
end

defmodule Shop.OrderTest do
  use ExUnit.Case, async: true
  setup do
    on_exit(fn -> raise "the order stays" end)
    :ok
  end
  test "finds" do
  end
end
