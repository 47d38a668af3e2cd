package shop

import "testing"

func TestAdds(t *testing.T) {
	if 1+2 != 3 {
		t.Error("wrong")
	}
}

func TestIsWrong(t *testing.T) {
	t.Error("on purpose")
}
