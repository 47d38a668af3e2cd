Feature: Cart

  Scenari: Adds
    Givn a cart
