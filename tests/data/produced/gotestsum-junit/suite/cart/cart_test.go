package cart

import "testing"

func TestAdds(t *testing.T) {}

func TestTotal(t *testing.T) {
	t.Error("8 €, not 7 €")
}

func TestSkipped(t *testing.T) {
	t.Skip("no printer")
}

func TestPrice(t *testing.T) {
	t.Run("apple", func(t *testing.T) {})
	t.Run("pear", func(t *testing.T) { t.Fatal("11") })
}
