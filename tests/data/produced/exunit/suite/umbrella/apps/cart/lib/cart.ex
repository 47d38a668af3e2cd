defmodule Cart do
end
