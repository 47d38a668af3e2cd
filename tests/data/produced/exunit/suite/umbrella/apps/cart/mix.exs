defmodule Cart.MixProject do
  use Mix.Project
  def project, do: [app: :cart, version: "0.1.0", build_path: "../../_build"]
end
