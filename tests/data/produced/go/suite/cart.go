// Package shop is a shop.
package shop

// Total is what a cart costs.
func Total() {}
