defmodule Order do
end
