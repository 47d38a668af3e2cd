package shop

import (
	"fmt"
	"testing"
)

func TestAdds(t *testing.T) { fmt.Println("größe") }

func TestTotal(t *testing.T) { t.Errorf("total: got %d, want %d", 7, 8) }

func TestSkipped(t *testing.T) { t.Skip("not on CI") }

func TestPrice(t *testing.T) {
	for _, count := range []int{1, 2} {
		t.Run(fmt.Sprintf("for %d", count), func(t *testing.T) {
			if count == 2 {
				t.Fatal("too dear")
			}
		})
	}
}
