package again

import "testing"

func TestGoes(t *testing.T) {}

func TestFails(t *testing.T) {
	t.Error("again")
}
