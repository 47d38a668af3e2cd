defmodule LoadTest do
  use ExUnit.Case
  import ModuleThatIsNotThere

  test "is never run" do
  end
end
