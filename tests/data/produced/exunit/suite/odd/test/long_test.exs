defmodule LongTest do
  use ExUnit.Case

  for number <- 1..3 do
    test "number #{number}" do
      assert unquote(number) == 0
    end
  end
end
