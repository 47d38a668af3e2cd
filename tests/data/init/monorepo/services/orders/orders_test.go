package orders

import "testing"

func TestOrder(t *testing.T) {}
