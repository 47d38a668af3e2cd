package shop

import (
	"fmt"
	"testing"
)

func TestAdds(t *testing.T) {
	fmt.Println("adding größe-注文")
}

func TestTotal(t *testing.T) {
	t.Error("7 € is not 8 €")
}

func TestPrice(t *testing.T) {
	for count, price := range map[int]int{1: 5} {
		t.Run(fmt.Sprintf("%d items", count), func(t *testing.T) {
			if count*5 != price {
				t.Fail()
			}
		})
	}
	t.Run("two", func(t *testing.T) {
		t.Run("deep", func(t *testing.T) { t.Fatal("no") })
	})
}

func TestSkipped(t *testing.T) {
	t.Skip("not on CI")
}

func ExampleTotal() {
	fmt.Println("8 €")
	// Output: 8 €
}
