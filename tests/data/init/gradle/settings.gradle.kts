rootProject.name = "shop"
include("cart")
