defmodule CrashTest do
  use ExUnit.Case
  # It needs the application logger, which this project does not start.
  @moduletag :capture_log

  test "number 1" do
  end
end
