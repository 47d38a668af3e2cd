package cart

import (
	"os"
	"testing"
)

func TestAdds(t *testing.T) {}

func TestFlaky(t *testing.T) { failOnce(t, "TestFlaky") }

func TestPrice(t *testing.T) {
	t.Run("for 1", func(t *testing.T) {})
	t.Run("for 2", func(t *testing.T) { failOnce(t, "TestPrice") })
}

func TestTotal(t *testing.T) { t.Fatal("7 is not 8") }

func failOnce(t *testing.T, name string) {
	if _, err := os.Stat("attempted-" + name); err != nil {
		os.WriteFile("attempted-"+name, nil, 0o644)
		t.Fatal("not yet")
	}
}
