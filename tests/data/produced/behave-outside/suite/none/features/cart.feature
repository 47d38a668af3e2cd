Feature: Cart
