package nobuild

import "testing"

func TestBasket(t *testing.T) { missing() }
