defmodule Odd.MixProject do
  use Mix.Project
  def project, do: [app: :odd, version: "0.1.0"]
end
