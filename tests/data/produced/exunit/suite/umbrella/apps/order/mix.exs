defmodule Order.MixProject do
  use Mix.Project
  def project, do: [app: :order, version: "0.1.0", build_path: "../../_build"]
end
