defmodule Shop do
  @doc """
      iex> Shop.add(1, 2)
      3

      iex> Shop.add(1, 1)
      3
  """
  def add(a, b), do: a + b

  @doc """
      iex> Shop.sub(1, 1)
      0
  """
  def sub(a, b), do: a - b
end
